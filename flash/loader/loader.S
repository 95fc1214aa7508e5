/*
 * The loader: runs in the target's RAM, takes orders from a ring of slots in its mailbox, and
 * erases, programs and sums up flash while the next orders and bytes travel. Built for ARMv6-M,
 * which every Cortex-M executes, and position-independent; the layout of the mailbox is
 * flash/loader.h's. What differs between controllers stands in the mailbox: addresses of SR and CR,
 * which bits mean busy and wrong, how many bytes are programmed at once.
 *
 * In: r7 the mailbox. No stack is used. Interrupts are masked. The watchdog is fed wherever
 * something is waited for; `beat` counts there, `at` moves while programming.
 *
 * An order is carried out only if its check is right, and bytes are programmed only if their sum is:
 * what was falsified on the wire never reaches the flash. Until the host has mended it, bit 30 (the
 * order) or bit 29 (the bytes) of `done` is set.
 *
 * After a failure it sets the highest bit of `done` and stays in `parked`, still feeding and beating,
 * until the host has looked.
 */
	.syntax unified
	.cpu cortex-m0
	.thumb
	.text

	.equ BEAT, 0x00
	.equ DONE, 0x04
	.equ STATE, 0x08
	.equ SR_SEEN, 0x0c
	.equ AT, 0x10
	.equ SLOT, 0x14
	.equ SR, 0x18
	.equ CR, 0x1c
	.equ BUSY, 0x20
	.equ WRONG, 0x24
	.equ CR_PROGRAM, 0x28
	.equ BLANK, 0x2c
	.equ GRANULE, 0x30
	.equ CRC, 0x34
	.equ FEED, 0x38
	.equ FEED_KEY, 0x3c
	.equ RING, 0x40
	.equ RING_END, 0x44

	.equ SLOT_A, 0
	.equ SLOT_B, 4
	.equ SLOT_C, 8
	.equ SLOT_D, 12
	.equ SLOT_CHECK, 16
	.equ SLOT_ORDER, 20
	.equ SLOT_BYTES, 24

	.equ FAILED_FLASH, 1
	.equ FAILED_ORDER, 2

start:
	cpsid	i

/* The first order came along; what is behind it was in the RAM before. */
	ldr	r0, [r7, #RING]
	ldr	r1, [r7, #RING_END]
	adds	r0, #SLOT_BYTES
	movs	r2, #0
clear:
	stm	r0!, {r2}
	cmp	r0, r1
	blo	clear

next:
	ldr	r0, [r7, #BEAT]
	adds	r0, #1
	str	r0, [r7, #BEAT]
	ldr	r0, [r7, #FEED]
	ldr	r1, [r7, #FEED_KEY]
	str	r1, [r0]
	ldr	r4, [r7, #SLOT]
	ldr	r0, [r4, #SLOT_ORDER]
	cmp	r0, #0
	beq	next

/* The words rotate by 7 and add up: a, b, c, d, the order. */
	movs	r2, #7
	ldr	r1, [r4, #SLOT_A]
	rors	r1, r2
	ldr	r3, [r4, #SLOT_B]
	adds	r1, r1, r3
	rors	r1, r2
	ldr	r3, [r4, #SLOT_C]
	adds	r1, r1, r3
	rors	r1, r2
	ldr	r3, [r4, #SLOT_D]
	adds	r1, r1, r3
	rors	r1, r2
	adds	r1, r1, r0
	ldr	r3, [r4, #SLOT_CHECK]
	movs	r2, #1
	lsls	r2, r2, #30
	cmp	r1, r3
	bne	refuse
	ldr	r1, [r7, #DONE]
	bics	r1, r2
	str	r1, [r7, #DONE]
	mov	r11, r0
	cmp	r0, #5
	blo	dispatch
	cmp	r0, #8
	bhi	dispatch

/* The bytes: b their address, c how many (whole words are summed up), d their sum. */
	ldr	r0, [r4, #SLOT_B]
	ldr	r2, [r4, #SLOT_C]
	adds	r2, #3
	movs	r3, #3
	bics	r2, r3
	adds	r2, r2, r0
	mov	r12, r2
	ldr	r5, [r7, #CRC]
	bl	sum
	ldr	r4, [r7, #SLOT]
	ldr	r1, [r4, #SLOT_D]
	movs	r2, #1
	lsls	r2, r2, #29
	cmp	r1, r3
	bne	refuse
	ldr	r1, [r7, #DONE]
	bics	r1, r2
	str	r1, [r7, #DONE]
	b	dispatch

/* r2: the bit that tells why. */
refuse:
	ldr	r1, [r7, #DONE]
	orrs	r1, r2
	str	r1, [r7, #DONE]
	b	next

dispatch:
	mov	r0, r11
	cmp	r0, #1
	beq	order_start
	cmp	r0, #2
	beq	to_wait
	cmp	r0, #3
	beq	order_select
	cmp	r0, #4
	beq	order_crc
	cmp	r0, #5
	beq	program_1
	cmp	r0, #6
	beq	program_2
	cmp	r0, #7
	beq	program_4
	cmp	r0, #8
	beq	program_wide
	movs	r0, #FAILED_ORDER
	b	park

to_wait:
	b	order_wait
order_crc:
	b	crc
program_wide:
	b	wide
program_4:
	b	narrow_4

/* Another bank's registers: a SR, b CR. */
order_select:
	ldr	r0, [r4, #SLOT_A]
	str	r0, [r7, #SR]
	ldr	r0, [r4, #SLOT_B]
	str	r0, [r7, #CR]
	b	finished

/* Begin an operation: CR = b; if a: *a = d; if c: CR = c. */
order_start:
	ldr	r1, [r7, #CR]
	ldr	r0, [r4, #SLOT_B]
	str	r0, [r1]
	ldr	r2, [r4, #SLOT_A]
	cmp	r2, #0
	beq	1f
	ldr	r0, [r4, #SLOT_D]
	str	r0, [r2]
1:	ldr	r0, [r4, #SLOT_C]
	cmp	r0, #0
	beq	finished
	str	r0, [r1]
	b	finished

/* Until the controller is idle; a: what it works on. */
order_wait:
	ldr	r0, [r4, #SLOT_A]
	str	r0, [r7, #AT]
1:	ldr	r0, [r7, #BEAT]
	adds	r0, #1
	str	r0, [r7, #BEAT]
	ldr	r0, [r7, #FEED]
	ldr	r1, [r7, #FEED_KEY]
	str	r1, [r0]
	ldr	r0, [r7, #SR]
	ldr	r3, [r0]
	ldr	r1, [r7, #BUSY]
	tst	r3, r1
	bne	1b
	ldr	r1, [r7, #WRONG]
	tst	r3, r1
	bne	failed

/* The controller's mode bits off again, then the slot is free. */
idle:
	ldr	r1, [r7, #CR]
	movs	r0, #0
	str	r0, [r1]
finished:
	ldr	r4, [r7, #SLOT]
	movs	r0, #0
	str	r0, [r4, #SLOT_ORDER]
	adds	r4, #SLOT_BYTES
	ldr	r0, [r7, #RING_END]
	cmp	r4, r0
	bne	1f
	ldr	r4, [r7, #RING]
1:	str	r4, [r7, #SLOT]
	ldr	r0, [r7, #DONE]
	adds	r0, #1
	str	r0, [r7, #DONE]
	b	next

failed:
	str	r3, [r7, #SR_SEEN]
	movs	r0, #FAILED_FLASH
park:
	str	r0, [r7, #STATE]
	ldr	r0, [r7, #DONE]
	movs	r1, #1
	lsls	r1, r1, #31
	orrs	r0, r1
	str	r0, [r7, #DONE]
parked:
	ldr	r0, [r7, #BEAT]
	adds	r0, #1
	str	r0, [r7, #BEAT]
	ldr	r0, [r7, #FEED]
	ldr	r1, [r7, #FEED_KEY]
	str	r1, [r0]
	b	parked

/*
 * Program: a destination, b source, c bytes. Units that are blank are skipped: faster, and on parts
 * with error correction they stay programmable.
 * r0 source, r1 destination, r2 wrong bits, r4 key of the watchdog, r5 busy bits, r6 SR, r8 blank,
 * r12 end of the source.
 */
	.macro	arguments
	ldr	r1, [r7, #CR]
	ldr	r0, [r7, #CR_PROGRAM]
	str	r0, [r1]
	ldr	r0, [r7, #BLANK]
	mov	r8, r0
	ldr	r0, [r4, #SLOT_B]
	ldr	r1, [r4, #SLOT_A]
	ldr	r2, [r4, #SLOT_C]
	adds	r2, r2, r0
	mov	r12, r2
	ldr	r2, [r7, #WRONG]
	ldr	r5, [r7, #BUSY]
	ldr	r6, [r7, #SR]
	ldr	r4, [r7, #FEED_KEY]
	.endm

	.macro	narrow width, load, store
	arguments
1:	\load	r3, [r0]
	cmp	r3, r8
	beq	3f
	\store	r3, [r1]
	dsb
	str	r1, [r7, #AT]
	ldr	r3, [r7, #FEED]
	str	r4, [r3]
2:	ldr	r3, [r6]
	tst	r3, r5
	bne	2b
	tst	r3, r2
	bne	failed
3:	adds	r0, #\width
	adds	r1, #\width
	cmp	r0, r12
	bne	1b
	b	idle
	.endm

program_1:
	narrow	1, ldrb, strb
program_2:
	narrow	2, ldrh, strh
narrow_4:
	narrow	4, ldr, str

/* The same by granules of several words. r9 bytes of a granule, r10 end of this one. */
wide:
	ldr	r0, [r7, #GRANULE]
	mov	r9, r0
	arguments
1:	mov	r3, r0
	add	r3, r9
	mov	r10, r3
4:	ldr	r3, [r0]
	cmp	r3, r8
	bne	5f
	adds	r0, #4
	cmp	r0, r10
	bne	4b
	add	r1, r9
	b	3f
5:	mov	r0, r10
	mov	r3, r9
	subs	r0, r0, r3
	str	r1, [r7, #AT]
6:	ldr	r3, [r0]
	str	r3, [r1]
	adds	r0, #4
	adds	r1, #4
	cmp	r0, r10
	bne	6b
	dsb
	ldr	r3, [r7, #FEED]
	str	r4, [r3]
2:	ldr	r3, [r6]
	tst	r3, r5
	bne	2b
	tst	r3, r2
	bne	wide_failed
3:	cmp	r0, r12
	bne	1b
	b	idle
wide_failed:
	b	failed

/*
 * Sum up: a address, b where results go (words), c bytes of a piece (times 4), d pieces. CRC-32 of
 * polynomial 0x04c11db7 over words, highest bit first, from 0xffffffff, as ST's CRC unit does it;
 * by the unit if there is one.
 * r0 address, r1 result, r5 the unit, r9 bytes of a piece, r10 pieces left, r12 end of this piece.
 */
crc:
	ldr	r0, [r4, #SLOT_A]
	str	r0, [r7, #AT]
	ldr	r1, [r4, #SLOT_B]
	ldr	r2, [r4, #SLOT_C]
	mov	r9, r2
	ldr	r2, [r4, #SLOT_D]
	mov	r10, r2
	ldr	r5, [r7, #CRC]
piece:
	ldr	r2, [r7, #BEAT]
	adds	r2, #1
	str	r2, [r7, #BEAT]
	ldr	r2, [r7, #FEED]
	ldr	r3, [r7, #FEED_KEY]
	str	r3, [r2]
	mov	r2, r9
	adds	r3, r0, r2
	mov	r12, r3
	bl	sum
	stmia	r1!, {r3}
	mov	r2, r10
	subs	r2, #1
	mov	r10, r2
	bne	piece
	b	finished

/* Words from r0 to r12 (at least one) with the unit r5, if it is not 0: the sum in r3. r0 ends as
 * r12; r2, r4, r6 and r8 are used. */
sum:
	cmp	r5, #0
	beq	by_code
	movs	r3, #1
	str	r3, [r5, #8]
	mov	r2, r12
	subs	r2, r2, r0
	movs	r3, #15
	bics	r2, r3
	adds	r2, r2, r0
	mov	r8, r2
	cmp	r0, r8
	beq	2f
1:	ldmia	r0!, {r2, r3, r4, r6}
	str	r2, [r5]
	str	r3, [r5]
	str	r4, [r5]
	str	r6, [r5]
	cmp	r0, r8
	bne	1b
2:	cmp	r0, r12
	beq	3f
	ldmia	r0!, {r2}
	str	r2, [r5]
	b	2b
3:	ldr	r3, [r5]
	bx	lr

by_code:
	adr	r6, table
	movs	r3, #0
	mvns	r3, r3
1:	ldmia	r0!, {r2}
	eors	r3, r2
	.rept	8
	lsrs	r4, r3, #28
	lsls	r4, r4, #2
	ldr	r4, [r6, r4]
	lsls	r3, r3, #4
	eors	r3, r4
	.endr
	cmp	r0, r12
	bne	1b
	bx	lr

	.balign	4
table:	.word	0x00000000, 0x04c11db7, 0x09823b6e, 0x0d4326d9, 0x130476dc, 0x17c56b6b, 0x1a864db2, 0x1e475005
	.word	0x2608edb8, 0x22c9f00f, 0x2f8ad6d6, 0x2b4bcb61, 0x350c9b64, 0x31cd86d3, 0x3c8ea00a, 0x384fbdbd
