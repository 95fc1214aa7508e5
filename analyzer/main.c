/* Where the program begins. */
#include <locale.h>

#include "analyzer/base/output.h"
#include "analyzer/program.h"

int main(int argc, char **argv)
{
	output_guard_std();
	setlocale(LC_CTYPE, "");
	return cli_main(argc, argv, &program);
}
