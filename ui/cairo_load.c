#include "ui/cairo_load.h"

#ifdef HAVE_CAIRO

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "core/util.h"

/* By the version of their ABI, which their headers have had since 2005. */
#ifdef __APPLE__
#define LIBRARY(name, version) "lib" name "." version ".dylib"
#else
#define LIBRARY(name, version) "lib" name ".so." version
#endif

struct cairo_functions cairo_lib;
struct fc_functions fc_lib;

static char *lacks; /* why they are not loaded, or NULL */

/* One function; false, and why, where the library has it not. ISO C has no
 * conversion from what dlsym returns: POSIX has the same bytes. */
static bool
find(void *out, void *library, const char *name)
{
	void *symbol = dlsym(library, name);

	_Static_assert(sizeof symbol == sizeof cairo_lib.create, "POSIX");
	if (!symbol)
		lacks = xstrdup(dlerror());
	memcpy(out, &symbol, sizeof symbol);
	return symbol;
}

static void *
open_library(const char *name)
{
	void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		lacks = xstrdup(dlerror());
	return library;
}

static void
load(void)
{
	void *cairo = open_library(LIBRARY("cairo", "2"));
	void *fc = cairo ? open_library(LIBRARY("fontconfig", "1")) : NULL;
	bool right = fc;

#define FIND(name) \
	right = right && find(&cairo_lib.name, cairo, "cairo_" #name);
	CAIRO_FUNCTIONS(FIND)
#undef FIND
#define FIND(name) right = right && find(&fc_lib.name, fc, "Fc" #name);
	FC_FUNCTIONS(FIND)
#undef FIND
}

enum status
cairo_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	if (lacks)
		return status_set(STATUS_MISSING,
			"cairo, which writes PDF "
			"and PNG, cannot be loaded (%s); SVG needs nothing: "
			"give the file a name that ends in .svg",
			lacks);
	return STATUS_OK;
}

#endif
