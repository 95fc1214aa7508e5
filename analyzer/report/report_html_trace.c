/* The trace inside the page, to be downloaded. See report_html.h. */
#include "analyzer/report/report_html.h"

#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/report/report_embed.h"
#include "probe/base/base64.h"

#define EMBED_MAX ((size_t)8 << 20)

static int whole_file(int fd, struct buf *out, struct err *e)
{
	struct stat st;
	size_t done = 0;

	if (fstat(fd, &st) || st.st_size < 0 || (size_t)st.st_size > EMBED_MAX)
		return err_set(e, ERR_LIMIT, "too long");
	buf_reserve(out, (size_t)st.st_size);
	while (done < (size_t)st.st_size) {
		ssize_t n = pread(fd, out->at + done, (size_t)st.st_size - done, (off_t)done);

		if (n <= 0)
			return err_set(e, ERR_IO, "cannot read");
		done += (size_t)n;
	}
	out->len = done;
	return 0;
}

/* A trace that is too long for a page is left out, which is said; all else is an error. */
int html_embedded_trace(struct html_page *p, struct err *e)
{
	int fd = p->in->report.is_capture ? p->in->fd : p->in->trace_fd;
	struct buf trace;
	int rc;

	buf_init(&trace);
	if (p->in->redact)
		rc = report_embed(fd, p->in->analysis.judge->probe, EMBED_MAX, p->in->redact,
				  &trace, e);
	else
		rc = whole_file(fd, &trace, e);
	buf_add_str(p->out, "<h2 id=\"trace\">The trace</h2>\n");
	if (!rc && trace.len) {
		buf_addf(p->out,
			 "<p class=\"download\"><a download=\"swdoctor-trace%s\" "
			 "href=\"data:application/octet-stream;base64,",
			 p->in->redact ? ".pcapng" : ".pcap");
		base64_add(p->out, trace.at, trace.len);
		buf_addf(p->out,
			 "\">Download the trace</a> (%zu bytes%s); Wireshark and <code>swdoctor "
			 "trace</code> open it.</p>\n",
			 trace.len,
			 p->in->redact ? ", memory contents and serial numbers taken out" : "");
	} else if (rc == ERR_LIMIT) {
		buf_add_str(p->out, "<p>The trace is too long to be embedded.</p>\n");
		*e = (struct err){ 0 };
		rc = 0;
	} else if (!rc) {
		buf_add_str(p->out, "<p>There is no transaction to embed.</p>\n");
	}
	buf_done(&trace);
	return rc;
}
