/* The style and the script of a page (report_html.h) as bytes in the program. */
	.section .rodata
	.global report_css
	.global report_css_end
	.global report_js
	.global report_js_end
report_css:
	.incbin "analyzer/report/report_page.css"
report_css_end:
	.byte 0
report_js:
	.incbin "analyzer/report/report_page.js"
report_js_end:
	.byte 0
	.section .note.GNU-stack,"",%progbits
