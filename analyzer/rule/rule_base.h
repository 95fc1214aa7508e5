/*
 * The shapes of the loaded rules: what the rule_*.c files fill and what fact.c, finding.c and the
 * commands read. All text and all arrays belong to the rule base's arena, to the trees of its files
 * or to the program (shipped rules are used in place). Ids are resolved to indices while loading.
 */
#ifndef SWDOCTOR_RULE_BASE_H
#define SWDOCTOR_RULE_BASE_H

#include "analyzer/base/verdict.h"
#include "analyzer/rule/rule_names.h"
#include "analyzer/rule/rules.h"
#include "probe/base/arena.h"
#include "probe/base/yaml.h"

#define EVIDENCE_DB_MAX	       20.0
#define PRIOR_DB_MAX	       30.0
#define EVIDENCE_PER_CAUSE_MAX 256

/* One YAML file. */
struct rule_file {
	const char *path;   /* as messages name it: "rules/causes/power.yaml" */
	const char *rel;    /* below its rules folder: "causes/power.yaml" */
	const char *source; /* its text, for carets; NULL: shipped, the text is not at hand */
	size_t source_len;
	struct yaml tree;
	bool shipped;	  /* compiled in: it was checked when the program was built */
	bool broken;	  /* no tree */
	bool wants_tests; /* patterns need an example, causes their tests */
	const char *tool; /* "tool:" of a file of patterns, or NULL */
	const char *title;
};

/* Where a record stands. */
struct rule_place {
	const struct rule_file *file;
	uint32_t node; /* its key */
};

/* ---- conditions on events ---- */

struct cond_value {
	int64_t num;	  /* INT, HEX; 0/1 for true/false */
	const char *text; /* TEXT */
};

struct field_cond {		      /* all that is set must hold */
	int field;		      /* index */
	const struct cond_value *any; /* equal to one of them */
	size_t n_any;
	const struct cond_value *not_any;
	size_t n_not_any;
	bool has_below, has_above, has_mask;
	int64_t below, above, mask;
	const struct cond_value *mask_is; /* what is left under the mask is one of these */
	size_t n_mask_is;
	const char *contains;
};

struct event_match {
	enum event_kind kind;
	const char *tool;		/* or NULL */
	const struct field_cond *conds; /* all of them must hold */
	size_t n_conds;
};

struct event_matches {
	const struct event_match *at;
	size_t n;
	bool given; /* the key stands there, if only with an empty list */
};

/* ---- conditions on facts and symptoms ---- */

enum cond_op { COND_NEVER, COND_ALL, COND_ANY, COND_NONE, COND_FACT, COND_SYMPTOM };
enum cond_test { TEST_IN, TEST_RANGE, TEST_KNOWN };

struct cond {
	enum cond_op op;
	const struct cond *parts; /* ALL, ANY, NONE */
	size_t n_parts;
	uint32_t id; /* FACT, SYMPTOM: index */
	enum cond_test test;
	const struct cond_value *values; /* IN */
	size_t n_values;
	bool has_below, has_above; /* RANGE */
	int64_t below, above;
	bool known; /* KNOWN: what is wanted */
};

/* ---- records ---- */

enum cost { COST_SECONDS, COST_MINUTES, COST_TOOL, COST_SOLDER, COSTS };
enum fact_how { FACT_VALUE, FACT_COUNT, FACT_FLAG, FACT_SEQUENCE, FACT_WHEN };
enum pick { PICK_LAST, PICK_FIRST, PICK_MIN, PICK_MAX };
enum prefer { PREFER_TRUE, PREFER_FALSE, PREFER_LATEST };

struct fact_rule {
	const char *id;
	struct rule_place place;
	const char *title;
	const char *ask; /* or NULL */
	enum cost cost;
	enum fact_how how;
	enum event_type type; /* EVENT_ABSENT: true/false */
	const char *unit;
	struct event_match value; /* VALUE */
	int field;
	enum pick pick;
	struct event_matches count, true_if, false_if, known_if, sequence;
	enum prefer prefer;
	bool has_otherwise, otherwise; /* what it is when nothing decided it */
	const struct cond *when;       /* WHEN */
};

struct symptom_rule {
	const char *id;
	struct rule_place place;
	const char *title;
	uint32_t hop;
	const struct cond *when;
};

struct evidence_rule {
	struct rule_place place;
	const struct cond *cond;
	double then_db, else_db; /* 0: counts nothing */
	const char *says, *else_says;
	const char *group;  /* or NULL */
	size_t group_first; /* index of the first evidence of the same group, maybe this one */
	const struct cond *unless;
};

struct explains {
	uint32_t symptom;
	double p;
};

struct cure {
	uint32_t remedy;
	double p;
};

enum cause_kind { CAUSE_NORMAL, CAUSE_LEAK, CAUSE_HEALTHY };

/* Of a test's input and what it demands; only there when the tests were asked for. */
struct cause_test {
	struct rule_place place;
	bool fires; /* else silent */
	const char *name;
	const char *log; /* lines ending with a newline, or NULL */
	const struct given_fact *facts;
	size_t n_facts;
	const char *const *symptoms;
	size_t n_symptoms;
	enum word word;
	bool not_first;
	bool has_verdict;
	enum verdict verdict;
	const char *const *asks_for;
	size_t n_asks_for;
};

struct cause_rule {
	const char *id;
	struct rule_place place;
	enum cause_kind kind;
	const char *title;
	uint32_t hop;
	const char *cls;
	int64_t exit_code;
	double prior_db;
	const struct explains *explains;
	size_t n_explains;
	const struct cond *requires; /* array */
	size_t n_requires;
	const uint32_t *withdraws; /* facts of makes-unknown */
	size_t n_withdraws;
	const struct evidence_rule *evidence;
	size_t n_evidence;
	uint32_t first_evidence; /* index of evidence[0] over all causes */
	const struct cure *remedies;
	size_t n_remedies;
	const char *explain;
	const char *const *see;
	size_t n_see;
	uint32_t wires; /* the wires it suspects: 1 << enum wire (wire_map.h) */
	const struct cause_test *tests;
	size_t n_tests;
};

struct remedy_rule {
	const char *id;
	struct rule_place place;
	const char *text;
	enum cost cost;
	const char *danger;
	const char *automatic;
};

struct hop_rule {
	const char *id;
	struct rule_place place;
	const char *title;
	int64_t order;
	const struct cond *ok, *bad, *tried; /* or NULL */
};

struct note_rule {
	const char *id;
	struct rule_place place;
	const struct cond *when;
	const char *text;
};

/* A bug report as a project's template asks for it. */
struct template_rule {
	const char *id;
	struct rule_place place;
	const char *title;
	const char *send_to;
	int64_t limit;	  /* bytes */
	const char *body; /* Markdown with blanks: report_blanks.def */
};

struct recovery;

struct help {			    /* a recovery, and how often it cures */
	const struct recovery *how; /* of flash/recover.c */
	double p;
};

/* What the flash engine can do by itself about a cause. */
struct treatment_rule {
	const char *id; /* the cause's */
	struct rule_place place;
	uint32_t cause;
	const struct help *helps;
	size_t n_helps;
};

struct pattern_rule {
	struct pattern p;
	struct rule_place place;
};

struct rules {
	struct arena *arena;
	struct rule_file *files;
	size_t n_files;
	struct names names[NAME_SPACES]; /* id -> index */
	struct pattern_rule *patterns;
	struct fact_rule *facts;
	struct symptom_rule *symptoms;
	struct cause_rule *causes;
	struct remedy_rule *remedies;
	struct hop_rule *hops;
	struct note_rule *notes;
	struct template_rule *templates;
	struct treatment_rule *treatments;
	const struct recovery **blind; /* the order without looking at the cause */
	size_t n_blind;
	uint32_t n[NAME_SPACES];
	uint32_t *fact_order; /* those with `when`, each after the ones it needs */
	uint32_t n_fact_order;
	uint32_t *hop_order;	/* host to flash */
	uint32_t leak, healthy; /* index of a cause, or RULE_NONE */
};

#define RULE_NONE UINT32_MAX

const char *cost_name(enum cost c);
double cost_weight(enum cost c);

#endif
