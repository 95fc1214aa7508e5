/*
 * Reading typed values out of a rule file's tree. What a map may hold is a table of key rows; each
 * row's function checks one value and puts it into the record. Mistakes are told and then passed
 * over, so that one run shows all of them; what a bad value leaves behind is never used.
 */
#ifndef SWDOCTOR_RULE_READ_H
#define SWDOCTOR_RULE_READ_H

#include "analyzer/rule/rule_report.h"

struct load {
	struct rules *r;
	struct rule_report *rep;
	const struct rule_file *file; /* the one being read */
	bool tests;		      /* read the causes' tests of shipped files too */
	struct names kinds;	      /* of events: event_kind_find for thousands of them */
};

struct key_row {
	const char *name; /* NULL ends a table */
	void (*take)(struct load *l, uint32_t node, void *into);
	size_t offset; /* of `into` in the record */
	bool required;
};

/* The node as text; "" for what is no scalar. */
const char *read_text(const struct load *l, uint32_t node);
const struct yaml_node *read_node(const struct load *l, uint32_t node);
/* A mistake in the file being read. */
#define complain(l, node, code, ...) rule_complain((l)->rep, (l)->file, node, code, __VA_ARGS__)
#define complain_near(l, node, code, near, ...)                                                    \
	rule_complain_near((l)->rep, (l)->file, node, code, near, __VA_ARGS__)

/* `what` names the record in messages: "a cause". False: this is no map. */
bool read_map(struct load *l, uint32_t node, const struct key_row *rows, void *record,
	      const char *what);
/* An array of elements of `size` bytes, each filled by `take`; *ret_n is set. With `or_one` what is
 * no list is taken as a list of one. */
void *read_list(struct load *l, uint32_t node, size_t size, bool or_one,
		void (*take)(struct load *, uint32_t, void *), size_t *ret_n);
bool read_is_scalar(struct load *l, uint32_t node, const char *wanted);
bool read_number(struct load *l, uint32_t node, int64_t *ret);
bool read_db(struct load *l, uint32_t node, double max, double *ret);
/* A word out of a list that ends with NULL; -1: none of them. */
int read_word(struct load *l, uint32_t node, const char *const *words);
/* A value of a field's or fact's type; EVENT_ABSENT: true or false. */
bool read_value(struct load *l, uint32_t node, enum event_type type, struct cond_value *ret);
/* The known name that was probably meant, or NULL. */
const char *read_suggest(const struct load *l, enum name_space space, const char *id);
/* The index of a name; RULE_NONE and a message if it is unknown. */
uint32_t read_id(struct load *l, uint32_t node, enum name_space space);

/* Functions for key rows; the type of what `into` points to: */
void take_text(struct load *l, uint32_t node, void *into);   /* const char *, not empty */
void take_node(struct load *l, uint32_t node, void *into);   /* uint32_t: the node itself */
void take_number(struct load *l, uint32_t node, void *into); /* int64_t */
void take_bool(struct load *l, uint32_t node, void *into);   /* bool */
void take_cost(struct load *l, uint32_t node, void *into);   /* enum cost */
void take_hop(struct load *l, uint32_t node, void *into);    /* uint32_t: index */
void take_share(struct load *l, uint32_t node, void *into);  /* double, 0 to 1 */

#endif
