#include "core/packed.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"

enum { LINE = 64 };     /* arrays begin on a cache line */

static size_t
on_line(size_t bytes)
{
	return (bytes + LINE - 1) / LINE * LINE;
}

size_t
packed_bytes(size_t count, size_t value_count)
{
	return sizeof(struct packed)
		+ on_line(count * sizeof(struct packed_place))
		+ on_line(count * sizeof(struct packed_numbers))
		+ on_line(value_count * sizeof(double))
		+ on_line(count * sizeof(double))
		+ on_line(value_count * sizeof(int16_t));
}

/* Far below what would wrap: 88 bytes a cell and 10 a value at most. */
static bool
fits(size_t count, size_t value_count)
{
	return count < SIZE_MAX / 1024 && value_count < SIZE_MAX / 1024
		&& value_count <= PACKED_FIRST_MAX;
}

enum status
packed_new(struct packed **out, size_t count, size_t value_count)
{
	size_t places = on_line(count * sizeof(struct packed_place));
	size_t numbers = on_line(count * sizeof(struct packed_numbers));
	size_t values = on_line(value_count * sizeof(double));
	struct packed *packed;
	void *block = NULL;
	enum status status;

	if (!fits(count, value_count))
		return status_set(STATUS_MEMORY, "too many singular values");
	status = util_alloc(&block, packed_bytes(count, value_count)
		- sizeof *packed, 1, "spectra");
	if (status != STATUS_OK)
		return status;
	packed = xcalloc(1, sizeof *packed);
	atomic_init(&packed->references, 1);
	packed->count = count;
	packed->value_count = value_count;
	packed->block = block;
	packed->places = block;
	packed->numbers = (void *)((char *)block + places);
	packed->values = (void *)((char *)block + places + numbers);
	packed->largest = (void *)((char *)packed->values + values);
	packed->keys = (void *)((char *)packed->largest
		+ on_line(count * sizeof(double)));
	*out = packed;
	return STATUS_OK;
}

struct packed *
packed_ref(struct packed *packed)
{
	atomic_fetch_add(&packed->references, 1);
	return packed;
}

void
packed_unref(struct packed *packed)
{
	if (!packed || atomic_fetch_sub(&packed->references, 1) != 1)
		return;
	free(packed->block);
	free(packed);
}

/* The one place that takes a spectrum apart, and packed_spectrum the one that
 * puts it together: a new field has to be in both. */
_Static_assert(sizeof(struct spectrum) == 3 * sizeof(size_t)
	+ sizeof(double *) + sizeof(struct packed_numbers) + sizeof(double),
	"struct spectrum has a field that packed_put does not know");

enum status
packed_of(struct packed **out, const struct spectra *spectra)
{
	struct packed *packed = NULL;
	size_t total = 0;
	enum status status;

	for (size_t k = 0; k < spectra->count; k++) {
		total += spectra->items[k].count;
		if (spectra->items[k].position > UINT32_MAX
		    || spectra->items[k].count > PACKED_COUNT_MAX
		    || spectra->items[k].unlisted > PACKED_COUNT_MAX)
			return status_set(STATUS_MEMORY, "a spectrum beyond "
				"position %zu or of more than %u values",
				(size_t)UINT32_MAX, PACKED_COUNT_MAX);
	}
	status = packed_new(&packed, spectra->count, total);
	if (status != STATUS_OK)
		return status;
	total = 0;
	for (size_t k = 0; k < spectra->count; k++) {
		const struct spectrum *s = &spectra->items[k];

		packed->places[k] = (struct packed_place){
			.position = (uint32_t)s->position,
			.count = (uint32_t)s->count & PACKED_COUNT_MAX,
			.method = (uint32_t)s->method & 0xff,
			.first = total & PACKED_FIRST_MAX,
			.unlisted = s->unlisted & PACKED_COUNT_MAX,
		};
		packed->numbers[k] = (struct packed_numbers){
			s->sum, s->entropy, s->error, s->floor, s->tail,
			s->entropy_error,
		};
		memcpy(packed->values + total, s->values,
			s->count * sizeof *s->values);
		total += s->count;
	}
	packed_index(packed);
	*out = packed;
	return STATUS_OK;
}

struct spectrum
packed_spectrum(const struct packed *packed, size_t k)
{
	const struct packed_place *place = &packed->places[k];
	const struct packed_numbers *numbers = &packed->numbers[k];

	return (struct spectrum){
		.position = place->position,
		.count = place->count,
		.values = packed->values + place->first,
		.sum = numbers->sum,
		.entropy = numbers->entropy,
		.error = numbers->error,
		.floor = numbers->floor,
		.unlisted = place->unlisted,
		.tail = numbers->tail,
		.entropy_error = numbers->entropy_error,
		.method = (enum method)place->method,
	};
}

/* Appends cell k of another; counts grow with it. */
static void
append(struct packed *to, const struct packed *from, size_t k)
{
	const struct packed_place *place = &from->places[k];

	to->places[to->count] = *place;
	to->places[to->count].first = to->value_count & PACKED_FIRST_MAX;
	to->numbers[to->count] = from->numbers[k];
	memcpy(to->values + to->value_count, from->values + place->first,
		place->count * sizeof *to->values);
	to->value_count += place->count;
	to->count++;
}

static struct packed *
emptied(struct packed *packed)
{
	packed->count = packed->value_count = 0;
	return packed;
}

enum status
packed_merge(struct packed **out, struct packed *const *parts,
	size_t part_count)
{
	size_t *next, count = 0, values = 0;
	struct packed *packed = NULL;
	enum status status;

	if (part_count == 1) {
		*out = packed_ref(parts[0]);
		return STATUS_OK;
	}
	next = xcalloc(part_count, sizeof *next);
	for (size_t p = 0; p < part_count; p++) {
		count += parts[p]->count;
		values += parts[p]->value_count;
	}
	status = packed_new(&packed, count, values);
	if (status != STATUS_OK)
		goto out;
	emptied(packed);
	while (packed->count < count) {
		size_t least = part_count;

		for (size_t p = 0; p < part_count; p++)
			if (next[p] < parts[p]->count && (least == part_count
			    || parts[p]->places[next[p]].position
				< parts[least]->places[next[least]].position))
				least = p;
		append(packed, parts[least], next[least]++);
	}
	packed_index(packed);
	*out = packed;
out:
	free(next);
	return status;
}

/* The cells that are chosen. */
static enum status
choose(struct packed **out, const struct packed *packed,
	bool (*chosen)(const void *by, const struct packed *packed, size_t k),
	const void *by)
{
	size_t count = 0, values = 0;
	enum status status;

	for (size_t k = 0; k < packed->count; k++)
		if (chosen(by, packed, k)) {
			count++;
			values += packed->places[k].count;
		}
	status = packed_new(out, count, values);
	if (status != STATUS_OK)
		return status;
	emptied(*out);
	for (size_t k = 0; k < packed->count; k++)
		if (chosen(by, packed, k))
			append(*out, packed, k);
	packed_index(*out);
	return STATUS_OK;
}

static bool
second(const void *by, const struct packed *packed, size_t k)
{
	(void)by, (void)packed;
	return k % 2 == 1;
}

void
packed_thin(struct packed **packed, size_t most)
{
	while (*packed && (*packed)->count && packed_bytes((*packed)->count,
		(*packed)->value_count) > most) {
		struct packed *half = NULL;

		if (choose(&half, *packed, second, NULL) != STATUS_OK)
			return;
		packed_unref(*packed);
		*packed = half;
	}
}

static bool
not_held(const void *by, const struct packed *packed, size_t k)
{
	const uint64_t *held = by;
	size_t position = packed->places[k].position;

	return !(held[position / 64] >> position % 64 & 1);
}

enum status
packed_without(struct packed **out, struct packed *packed,
	const uint64_t *held)
{
	size_t k = 0;

	while (k < packed->count && not_held(held, packed, k))
		k++;
	if (k == packed->count) {
		*out = packed_ref(packed);
		return STATUS_OK;
	}
	return choose(out, packed, not_held, held);
}

size_t
packed_find(const struct packed *packed, size_t position)
{
	size_t low = 0, high = packed->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (packed->places[middle].position < position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Its cell at the same position as cell k of another, or its count. */
static size_t
find_same(const struct packed *packed, const struct packed *other, size_t k)
{
	size_t position = other->places[k].position;
	size_t at = packed_find(packed, position);

	return at < packed->count && packed->places[at].position == position
		? at : packed->count;
}

static bool
equal(const struct packed *a, size_t j, const struct packed *b, size_t k)
{
	const struct packed_place *x = &a->places[j], *y = &b->places[k];

	return x->count == y->count && x->method == y->method
		&& x->unlisted == y->unlisted
		&& !memcmp(&a->numbers[j], &b->numbers[k], sizeof *a->numbers)
		&& !memcmp(a->values + x->first, b->values + y->first,
			x->count * sizeof *a->values);
}

static bool
not_in(const void *by, const struct packed *packed, size_t k)
{
	const struct packed *other = by;

	return find_same(other, packed, k) == other->count;
}

enum status
packed_spare(struct packed **out, struct packed *packed,
	const struct packed *other)
{
	size_t both = 0;

	for (size_t k = 0; k < packed->count; k++) {
		size_t at = find_same(other, packed, k);

		both += at < other->count;
		if (at < other->count && !equal(other, at, packed, k))
			return STATUS_MISSING;
	}
	if (both)
		return choose(out, packed, not_in, other);
	*out = packed_ref(packed);
	return STATUS_OK;
}

void
packed_each(const struct packed *packed, size_t begin, size_t end,
	struct hankel_sink sink)
{
	size_t last = packed_find(packed, end);

	for (size_t k = packed_find(packed, begin); k < last; k++) {
		struct spectrum spectrum = packed_spectrum(packed, k);

		sink.take(sink.payload, &spectrum);
	}
}
