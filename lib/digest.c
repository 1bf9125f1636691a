// BLAKE2b digests of bytes, by libsodium. Hashing needs no sodium_init: that only picks faster code for long inputs and
// opens the random source, which would cost every command its start-up. Who reads thousands of records asks for it.
#include "digest.h"
#include <sodium.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof((struct digest_sum *)0)->state, "the state must fit");
_Static_assert(_Alignof(crypto_generichash_state) <= _Alignof(struct digest_sum), "and be aligned");

static const unsigned char *bytes_of(struct str s) { return (const unsigned char *)s.p; }

void digest_much(void)
{
	if (sodium_init() < 0) return; // then it is slower, not wrong
}

void digest_key(struct str bytes, unsigned char to[DIGEST_KEY])
{
	crypto_generichash(to, DIGEST_KEY, bytes_of(bytes), bytes.n, NULL, 0);
}

void digest_full(struct str bytes, struct digest *to)
{
	crypto_generichash(to->b, DIGEST_FULL, bytes_of(bytes), bytes.n, NULL, 0);
}

void digest_hex(struct buf *b, const unsigned char *d, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		buf_c(b, hex[d[i] >> 4]);
		buf_c(b, hex[d[i] & 15]);
	}
}

static crypto_generichash_state *state_of(struct digest_sum *s) { return (void *)s->state; }

void digest_begin(struct digest_sum *s) { crypto_generichash_init(state_of(s), NULL, 0, DIGEST_FULL); }

void digest_part(struct digest_sum *s, struct str part)
{
	unsigned char n[4] = {(unsigned char)(part.n >> 24), (unsigned char)(part.n >> 16), (unsigned char)(part.n >> 8),
	                      (unsigned char)part.n};
	digest_raw(s, n, sizeof n);
	digest_raw(s, part.p, part.n);
}

void digest_raw(struct digest_sum *s, const void *p, size_t n)
{
	if (n) crypto_generichash_update(state_of(s), p, n);
}

void digest_end(struct digest_sum *s, struct digest *to) { crypto_generichash_final(state_of(s), to->b, DIGEST_FULL); }

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof((struct sha256 *)0)->state && _Alignof(crypto_hash_sha256_state) <= 8, "the state must fit");
static crypto_hash_sha256_state *sha_of(struct sha256 *s) { return (void *)s->state; }

void sha256_begin(struct sha256 *s) { crypto_hash_sha256_init(sha_of(s)); }

void sha256_add(struct sha256 *s, struct str bytes)
{
	if (bytes.n) crypto_hash_sha256_update(sha_of(s), bytes_of(bytes), bytes.n);
}

void sha256_end(struct sha256 *s, unsigned char to[32]) { crypto_hash_sha256_final(sha_of(s), to); }
