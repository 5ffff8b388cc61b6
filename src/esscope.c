#include <stdio.h>

int
main(void)
{
	fputs("esscope: not yet\n", stderr);
	return 2;
}
