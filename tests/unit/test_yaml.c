/* The YAML reader: what it takes, what it refuses, and where it says the mistake is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/base/buf.h"
#include "probe/base/yaml.h"

struct read {
	struct arena *a;
	struct yaml y;
	struct yaml_mistakes mistakes;
	int rc;
};

static struct read read_n(const char *text, size_t len)
{
	struct read r = { .a = arena_new() };

	r.rc = yaml_parse(text, len, r.a, &r.y, &r.mistakes);
	return r;
}

static struct read read_str(const char *text)
{
	return read_n(text, strlen(text));
}

static void expect_mistake(const struct read *r, size_t i, enum yaml_fault fault, uint32_t line,
			   uint32_t column)
{
	assert_true(r->mistakes.n > i);
	assert_int_equal(r->mistakes.at[i].fault, fault);
	assert_int_equal(r->mistakes.at[i].line, line);
	assert_int_equal(r->mistakes.at[i].column, column);
}

static void a_tree_lies_flat_in_the_order_of_the_file(void **state)
{
	struct read r = read_str("a: 1\nb: [x, y]\nc: {d: e}\n");
	const struct yaml_node *n = r.y.nodes;

	(void)state;
	assert_int_equal(r.rc, 0);
	assert_int_equal(r.y.n_nodes, 11);
	assert_int_equal(n[0].kind, YAML_MAP);
	assert_int_equal(n[0].end, 11);
	assert_string_equal(yaml_text(&r.y, 1), "a");
	assert_string_equal(yaml_text(&r.y, 2), "1");
	assert_string_equal(yaml_text(&r.y, 3), "b");
	assert_int_equal(n[4].kind, YAML_SEQ);
	assert_int_equal(n[4].end, 7);
	assert_string_equal(yaml_text(&r.y, 6), "y");
	assert_int_equal(n[8].kind, YAML_MAP);
	assert_int_equal(n[8].end, 11);
	assert_string_equal(yaml_text(&r.y, 10), "e");
	arena_free(r.a);
}

static void places_are_lines_and_columns_of_characters(void **state)
{
	struct read r = read_str("# comment\nähm: {b: cd}\n");

	(void)state;
	assert_int_equal(r.rc, 0);
	assert_int_equal(r.y.nodes[4].line, 2);
	assert_int_equal(r.y.nodes[4].column, 10);
	assert_int_equal(r.y.nodes[4].width, 2);
	arena_free(r.a);
}

static void the_style_of_a_scalar_is_kept(void **state)
{
	struct read r = read_str("- no\n- 'no'\n- |-\n  no\n");

	(void)state;
	assert_int_equal(r.rc, 0);
	assert_int_equal(r.y.nodes[1].style, YAML_PLAIN);
	assert_int_equal(r.y.nodes[2].style, YAML_QUOTED);
	assert_int_equal(r.y.nodes[3].style, YAML_BLOCK);
	for (uint32_t i = 1; i <= 3; i++)
		assert_string_equal(yaml_text(&r.y, i), "no");
	arena_free(r.a);
}

static void broken_yaml_is_told_with_its_place(void **state)
{
	struct read r = read_str("a: 1\nb: [x, y\nc: 2\n");

	(void)state;
	assert_int_equal(r.rc, ERR_FORMAT);
	assert_int_equal(r.mistakes.at[0].fault, YAML_BROKEN);
	assert_true(r.mistakes.at[0].line >= 2);
	assert_true(*r.mistakes.at[0].text);
	arena_free(r.a);
}

static void aliases_anchors_and_tags_are_refused_each_at_its_place(void **state)
{
	struct read r = read_str("a: &x 1\nb: *x\nc: !!int 3\nd: !t {e: f}\n");

	(void)state;
	assert_int_equal(r.rc, ERR_FORMAT);
	assert_int_equal(r.mistakes.n, 4);
	expect_mistake(&r, 0, YAML_FORBIDDEN, 1, 4);
	expect_mistake(&r, 1, YAML_FORBIDDEN, 2, 4);
	expect_mistake(&r, 2, YAML_FORBIDDEN, 3, 4);
	expect_mistake(&r, 3, YAML_FORBIDDEN, 4, 4);
	arena_free(r.a);
}

static void a_duplicate_key_is_told_with_both_places(void **state)
{
	struct read r = read_str("a: 1\nb:\n  x: 1\n  y: 2\n  x: 3\na: 2\n");

	(void)state;
	assert_int_equal(r.rc, ERR_FORMAT);
	assert_int_equal(r.mistakes.n, 2);
	expect_mistake(&r, 0, YAML_DUPLICATE, 5, 3);
	assert_string_equal(r.mistakes.at[0].text, "the key 'x' stands twice, first at 3:3");
	expect_mistake(&r, 1, YAML_DUPLICATE, 6, 1);
	assert_string_equal(r.mistakes.at[1].text, "the key 'a' stands twice, first at 1:1");
	arena_free(r.a);
}

static void the_same_key_in_two_maps_is_no_duplicate(void **state)
{
	struct read r = read_str("a: {x: 1}\nb: {x: 1}\n");

	(void)state;
	assert_int_equal(r.rc, 0);
	arena_free(r.a);
}

static void many_keys_that_differ_are_checked_in_no_time(void **state)
{
	struct buf text = { 0 };
	struct read r;

	(void)state;
	for (int i = 0; text.len < YAML_BYTES_MAX - 20; i++)
		buf_addf(&text, "%x:\n", i);
	r = read_n(text.at, text.len);
	assert_int_equal(r.rc, 0);
	assert_true(r.y.n_nodes > 200000);
	arena_free(r.a);
	buf_done(&text);
}

static void a_file_over_one_mebibyte_is_refused(void **state)
{
	struct buf text = { 0 };
	struct read r;

	(void)state;
	while (text.len <= YAML_BYTES_MAX)
		buf_add_str(&text, "# filling\n");
	r = read_n(text.at, text.len);
	assert_int_equal(r.rc, ERR_LIMIT);
	expect_mistake(&r, 0, YAML_TOO_MUCH, 1, 1);
	arena_free(r.a);
	buf_done(&text);
}

static void sixteen_levels_are_taken_and_seventeen_refused(void **state)
{
	struct read r = read_str("[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]");

	(void)state;
	assert_int_equal(r.rc, 0);
	arena_free(r.a);
	r = read_str("[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]");
	assert_int_equal(r.rc, ERR_LIMIT);
	expect_mistake(&r, 0, YAML_TOO_MUCH, 1, 17);
	arena_free(r.a);
}

static void nul_bytes_are_refused_raw_and_escaped(void **state)
{
	static const char raw[] = "a: 1\nb: \0\n";
	struct read r = read_n(raw, sizeof(raw) - 1);

	(void)state;
	assert_int_equal(r.rc, ERR_FORMAT);
	expect_mistake(&r, 0, YAML_BROKEN, 2, 1);
	arena_free(r.a);
	r = read_str("a: \"x\\0y\"\n");
	assert_int_equal(r.rc, ERR_FORMAT);
	expect_mistake(&r, 0, YAML_BROKEN, 1, 4);
	arena_free(r.a);
}

static void a_second_document_is_refused(void **state)
{
	struct read r = read_str("a: 1\n---\nb: 2\n");

	(void)state;
	assert_int_equal(r.rc, ERR_FORMAT);
	expect_mistake(&r, 0, YAML_BROKEN, 2, 1);
	arena_free(r.a);
}

static void a_key_must_be_a_word(void **state)
{
	struct read r = read_str("? [a, b]\n: c\n");

	(void)state;
	assert_int_equal(r.rc, ERR_FORMAT);
	assert_string_equal(r.mistakes.at[0].text, "a key must be a word");
	arena_free(r.a);
}

static void an_empty_file_is_a_mistake(void **state)
{
	struct read r = read_str("# nothing\n");

	(void)state;
	assert_int_equal(r.rc, ERR_FORMAT);
	assert_string_equal(r.mistakes.at[0].text, "the file is empty");
	arena_free(r.a);
}

static void mistakes_are_bounded(void **state)
{
	struct buf text = { 0 };
	struct read r;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_addf(&text, "k%d: !t v\n", i);
	r = read_n(text.at, text.len);
	assert_int_equal(r.rc, ERR_FORMAT);
	assert_int_equal(r.mistakes.n, YAML_MISTAKES_MAX);
	arena_free(r.a);
	buf_done(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_lies_flat_in_the_order_of_the_file),
		cmocka_unit_test(places_are_lines_and_columns_of_characters),
		cmocka_unit_test(the_style_of_a_scalar_is_kept),
		cmocka_unit_test(broken_yaml_is_told_with_its_place),
		cmocka_unit_test(aliases_anchors_and_tags_are_refused_each_at_its_place),
		cmocka_unit_test(a_duplicate_key_is_told_with_both_places),
		cmocka_unit_test(the_same_key_in_two_maps_is_no_duplicate),
		cmocka_unit_test(many_keys_that_differ_are_checked_in_no_time),
		cmocka_unit_test(a_file_over_one_mebibyte_is_refused),
		cmocka_unit_test(sixteen_levels_are_taken_and_seventeen_refused),
		cmocka_unit_test(nul_bytes_are_refused_raw_and_escaped),
		cmocka_unit_test(a_second_document_is_refused),
		cmocka_unit_test(a_key_must_be_a_word),
		cmocka_unit_test(an_empty_file_is_a_mistake),
		cmocka_unit_test(mistakes_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
