#include "src/array.h"

#include <string.h>

void
array_header(FILE *stream, const char *type, const char *shape)
{
	const int one = 1;
	const char order = *(const char *)&one ? '<' : '>';
	char text[128];
	size_t used;

	snprintf(text, sizeof text, "{'descr': '%c%s', 'fortran_order': "
		"False, 'shape': (%s), }", order, type, shape);
	used = strlen(text);
	memset(text + used, ' ', sizeof text - used);
	text[117] = '\n';
	fputs("\x93NUMPY", stream);
	putc(1, stream);
	putc(0, stream);
	putc(118, stream);
	putc(0, stream);
	fwrite(text, 1, 118, stream);
}
