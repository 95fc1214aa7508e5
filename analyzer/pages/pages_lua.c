/* The tables of the Wireshark dissector (dissector.lua): see pages.h. */
#include "analyzer/pages/pages.h"

#include "probe/stlink_cmd.h"
#include "probe/usb_ids.h"

static const char *const data_names[] = {
	[STLINK_DATA_NONE] = "NONE",
	[STLINK_DATA_IN] = "IN",
	[STLINK_DATA_OUT] = "OUT",
	[STLINK_DATA_UNKNOWN] = "UNKNOWN",
};

/* The dissector asks for these alone. */
static const char *where_name(enum stlink_where where)
{
	return where == STLINK_WHERE_FIRST     ? "FIRST"
	       : where == STLINK_WHERE_OF_LAST ? "OF_LAST"
					       : "OTHER";
}

static void add_text(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static void add_field(struct buf *out, const struct stlink_field *f)
{
	static const unsigned sizes[] = {
		[STLINK_U8] = 1,  [STLINK_U16] = 2,  [STLINK_U24] = 3,
		[STLINK_U32] = 4, [STLINK_BE16] = 2, [STLINK_BE32] = 4,
	};

	buf_add_str(out, "{");
	add_text(out, stlink_field_name(f->kind));
	buf_addf(out, ",%u,%u,%s},", f->at, sizes[f->width],
		 f->width == STLINK_BE16 || f->width == STLINK_BE32 ? "true" : "false");
}

static void add_command(struct buf *out, const struct stlink_cmd *c)
{
	unsigned key = c->len > 1 ? (unsigned)c->bytes[0] << 8 | c->bytes[1] : c->bytes[0];

	buf_addf(out, "commands[0x%02x]={name=", key);
	add_text(out, c->name);
	buf_add_str(out, ",says=");
	add_text(out, c->words);
	buf_addf(out, ",data=\"%s\",where=\"%s\",fields={", data_names[c->data],
		 where_name(c->where));
	for (size_t i = 0; i < STLINK_FIELDS_MAX && c->fields[i].kind != STLINK_FIELD_NONE; i++)
		add_field(out, &c->fields[i]);
	buf_add_str(out, "}}\n");
}

void page_lua_tables(struct buf *out)
{
	for (size_t i = 0; i < STLINK_CMDS; i++)
		add_command(out, &stlink_cmd_rows[i]);
	for (size_t i = 0; i < stlink_status_rows_len; i++) {
		const struct stlink_status *s = &stlink_status_rows[i];

		if (s->family != STLINK_STATUS_DEBUG)
			continue;
		buf_addf(out, "statuses[0x%02x]=", s->code);
		add_text(out, s->name);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < stlink_mode_rows_len; i++) {
		buf_addf(out, "modes[%u]=", stlink_mode_rows[i].value);
		add_text(out, stlink_mode_rows[i].name);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < usb_ids_len; i++) {
		if (usb_ids[i].kind == USB_ID_OTHER)
			continue;
		buf_addf(out, "products[0x%04x]=", usb_ids[i].pid);
		add_text(out, usb_ids[i].name);
		buf_add_char(out, '\n');
	}
}
