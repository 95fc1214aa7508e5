/* The chip table as text in the program: chip_text .. chip_text_end. */
	.section .rodata
	.global chip_text
	.global chip_text_end
chip_text:
	.incbin "rules/chips.yaml"
chip_text_end:
	.byte 0
	.section .note.GNU-stack,"",%progbits
