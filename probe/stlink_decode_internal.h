/* Shared by stlink_decode.c, stlink_decode_args.c and stlink_decode_reply.c only. */
#ifndef SWDOCTOR_STLINK_DECODE_INTERNAL_H
#define SWDOCTOR_STLINK_DECODE_INTERNAL_H

#include "probe/stlink_decode.h"

typedef void stlink_part_fn(struct stlink_decoder *d, const struct xact *x,
			    const struct stlink_cmd *cmd, struct stlink_said *said);

/* The value of the first argument of that kind; 0 if the command has none. */
uint32_t stlink_argument(const struct xact *x, const struct stlink_cmd *cmd,
			 enum stlink_field_kind kind);
/* False for a command that was cut before all of that; the access port and its settings can be
 * missing. */
bool stlink_arguments_are_there(const struct xact *x, const struct stlink_cmd *cmd);
void stlink_add_access(struct stlink_said *said, const struct stlink_access *a);
/* value: width bytes, or NULL if it is not known. */
void stlink_add_memory_access(struct stlink_decoder *d, struct stlink_said *said, uint32_t address,
			      uint8_t width, bool write, const uint8_t *value);
/* The words of a block, as many as there are bytes for. */
void stlink_add_block(struct stlink_decoder *d, struct stlink_said *said,
		      const struct stlink_memory *m, const uint8_t *at, size_t len);
/* The block that a memory command names; m->there is false for other commands. */
void stlink_memory_of(const struct xact *x, const struct stlink_cmd *cmd, struct stlink_memory *m);
/* The DAP register or core register that a command names. */
struct stlink_access stlink_named_register(const struct xact *x, const struct stlink_cmd *cmd);

/* What the command itself says: memory block, registers written, speed. */
void stlink_decode_arguments(struct stlink_decoder *d, const struct xact *x,
			     struct stlink_said *said);
/* What a reply says, taken as the reply to cmd (x->cmd must be that command's bytes). */
void stlink_decode_reply(struct stlink_decoder *d, const struct xact *x,
			 const struct stlink_cmd *cmd, struct stlink_said *said);
/* Remembers the items of a queue. */
void stlink_decode_queue(struct stlink_decoder *d, const struct xact *x, struct stlink_said *said);
/* Could these bytes be the reply to cmd? Judges the content, not the length. */
bool stlink_reply_is_plausible(const struct stlink_cmd *cmd, const uint8_t *at, size_t len);

#endif
