/*
 * Keys of the disk cache: copies share one, whatever changes the numbers
 * changes it, a file that may still be changing has none.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "core/cache_key.h"
#include "tests/core/cache_of.h"
#include "tests/tap.h"

/* Keys: of the content, and of all of it. */
static void
test_keys(void)
{
	static const struct {
		const char *name;
		bool same;
		const char *what;
	} others[] = {
		{ "copy.npz", true, "a copy elsewhere" },
		{ "named.npz", true, "another label, width, tss and checked" },
		{ "shared.npz", true, "another width in meta's defaults" },
		{ "window.npz", false, "a window" },
		{ "value.npz", false, "one value changed" },
		{ "bit.npz", false, "one value changed that no sample holds" },
		{ "scale.npz", false, "another scale in meta" },
		{ "default.npz", false, "another scale in meta's defaults" },
		{ "longer.npz", false, "another length" },
		{ "more.npz", false, "a factor more" },
	};
	struct dump_list one = { 0 };
	unsigned char key[SHA256_SIZE], other[SHA256_SIZE];
	bool right = cache_key(key, open_layer(&one, "one.npz"), CHOICE_AUTO);

	ok(right, "an .npz has a key");
	for (size_t k = 0; k < LENGTH(others); k++) {
		struct dump_list list = { 0 };

		right = cache_key(other, open_layer(&list, others[k].name), CHOICE_AUTO);
		ok(right && !memcmp(key, other, sizeof key) == others[k].same,
			"%s: %s key", others[k].what, others[k].same
			? "the same" : "another");
		dump_list_close(&list);
	}
	dump_list_close(&one);
}

/* Changes an element in place and gives the file its old time back. */
static void
change_behind_the_back(const char *path)
{
	int fd = open(path, O_RDWR);
	struct timespec times[2];
	unsigned char byte;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)
	    || pread(fd, &byte, 1, st.st_size / 2 + 7) != 1)
		exit(1);
	byte ^= 1;
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	if (pwrite(fd, &byte, 1, st.st_size / 2 + 7) != 1
	    || futimens(fd, times))
		exit(1);
	close(fd);
}

/* A format without CRC goes by the file's state, once that has settled. */
static void
test_unsigned(void)
{
	char *path = in_folder("bare.npy");
	struct dump_list list = { 0 };
	struct layer *layer;
	unsigned char key[SHA256_SIZE], other[SHA256_SIZE];
	struct timespec tick = { 0, 50000000 };
	bool right;

	run("cp \"$0\" \"$0\".new && mv \"$0\".new \"$0\"", path);
	layer = open_layer(&list, "bare.npy");
	ok(!cache_key(key, layer, CHOICE_AUTO), "a new .npy has no key yet");
	for (int k = 0; k < 200 && !cache_key(key, layer, CHOICE_AUTO); k++)
		nanosleep(&tick, NULL);
	right = cache_key(key, layer, CHOICE_AUTO) && cache_key(other, layer, CHOICE_AUTO);
	ok(right && !memcmp(key, other, sizeof key),
		"an .npy that rests has one, always the same");
	change_behind_the_back(path);
	ok(!cache_key(other, layer, CHOICE_AUTO), "changed in place it has none");
	for (int k = 0; k < 200 && !cache_key(other, layer, CHOICE_AUTO); k++)
		nanosleep(&tick, NULL);
	ok(cache_key(other, layer, CHOICE_AUTO) && memcmp(key, other, sizeof key),
		"and then another, although its time was put back");
	dump_list_close(&list);
	free(path);
}

static void
test_sha256(void)
{
	/* FIPS 180-2, B.1 and B.3. */
	static const unsigned char abc[] = { 0xba, 0x78, 0x16, 0xbf, 0x8f,
		0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
		0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4,
		0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad };
	static const unsigned char million[] = { 0xcd, 0xc7, 0x6e, 0x5c };
	unsigned char out[SHA256_SIZE];
	struct sha256 sha;

	sha256_start(&sha);
	sha256_add(&sha, "abc", 3);
	sha256_end(out, &sha);
	ok(!memcmp(out, abc, sizeof abc), "SHA-256 of \"abc\"");
	sha256_start(&sha);
	for (int k = 0; k < 100000; k++)
		sha256_add(&sha, "aaaaaaaaaa", 10);
	sha256_end(out, &sha);
	ok(!memcmp(out, million, sizeof million), "and of a million a");
}

int
main(void)
{
	folder_make();
	make_dumps();
	test_sha256();
	test_keys();
	test_unsigned();
	folder_remove();
	return done();
}
