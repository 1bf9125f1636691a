// Digests of bytes. BLAKE2b (RFC 7693): 16 bytes as keys in the store, 32 bytes where a person compares them. SHA-256
// (FIPS 180-4): where others check with tools of their own.
#ifndef DIGEST_H
#define DIGEST_H
#include "str.h"

enum { DIGEST_KEY = 16, DIGEST_FULL = 32 };
struct digest { unsigned char b[DIGEST_FULL]; };
// For who hashes much: faster code is looked for, which costs some 60 us once.
void digest_much(void);
void digest_key(struct str bytes, unsigned char to[DIGEST_KEY]);
void digest_full(struct str bytes, struct digest *to);
void digest_hex(struct buf *b, const unsigned char *d, size_t n);

// A digest of many parts: each part is length-prefixed, so ("ab","c") and ("a","bc") differ.
struct digest_sum { _Alignas(64) unsigned char state[384]; };
void digest_begin(struct digest_sum *s);
void digest_part(struct digest_sum *s, struct str part);
void digest_raw(struct digest_sum *s, const void *p, size_t n); // without a length
void digest_end(struct digest_sum *s, struct digest *to);

// SHA-256 (FIPS 180-4), for what others check: sha256sum(1) says the same.
struct sha256 { _Alignas(8) unsigned char state[104]; };
void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, struct str bytes);
void sha256_end(struct sha256 *s, unsigned char to[32]);
#endif
