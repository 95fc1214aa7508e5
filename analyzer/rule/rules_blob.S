/* The compiled rules as bytes in the program: rules_blob .. rules_blob_end; empty in the tool that makes them. */
	.section .rodata
	.global rules_blob
	.global rules_blob_end
	.balign 64
rules_blob:
#ifdef RULES_BLOB
	.incbin RULES_BLOB
#endif
rules_blob_end:
	.byte 0
	.section .note.GNU-stack,"",%progbits
