// Digests: the values Python's hashlib.blake2b gives, in one piece or in many.
#include "digest.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void hex_is(const unsigned char *d, size_t n, const char *want)
{
	struct buf b = {0};
	digest_hex(&b, d, n);
	buf_c(&b, 0);
	assert_string_equal(b.p, want);
	buf_free(&b);
}

static void known_digests(void **state)
{
	(void)state;
	unsigned char key[DIGEST_KEY];
	struct digest d;
	digest_key((struct str){0}, key);
	hex_is(key, sizeof key, "cae66941d9efbd404e4d88758ea67670");
	digest_full(S(""), &d);
	hex_is(d.b, sizeof d.b, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
	digest_key(S("abc"), key);
	hex_is(key, sizeof key, "cf4ab791c62b8d2b2109c90275287816");
	digest_full(S("abc"), &d);
	hex_is(d.b, sizeof d.b, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void bytes_in_any_pieces(void **state)
{
	(void)state;
	static char bytes[100000];
	for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i % 251);
	static const char *want = "916cfaa800ee55811e82095babeb88ea29c9ef8a36e8d7e20c7b772c344c9e1c";
	struct digest d;
	struct digest_sum s;
	digest_full((struct str){bytes, sizeof bytes}, &d);
	hex_is(d.b, sizeof d.b, want);
	digest_begin(&s);
	for (size_t at = 0, n = 0; at < sizeof bytes; at += n) {
		n = (at * 7 + 1) % 300;
		if (n == 0) n = 1;
		if (n > sizeof bytes - at) n = sizeof bytes - at;
		digest_raw(&s, bytes + at, n);
		digest_raw(&s, NULL, 0);
	}
	digest_end(&s, &d);
	hex_is(d.b, sizeof d.b, want);
}

static void parts_are(const struct str *parts, size_t n, const char *want)
{
	struct digest d;
	struct digest_sum s;
	digest_begin(&s);
	for (size_t i = 0; i < n; i++) digest_part(&s, parts[i]);
	digest_end(&s, &d);
	hex_is(d.b, sizeof d.b, want);
}

static void parts_do_not_run_together(void **state)
{
	(void)state;
	parts_are((const struct str[]){S("ab"), S("c")}, 2, "7ae6c100f6821eb965b5895923b9aa32426990168af93b0d01cf041f6c51a405");
	parts_are((const struct str[]){S("a"), S("bc")}, 2, "988d8ef2f8f05e0d9451a5ecd7e956d92f5bb5055d216d4e652ec819db3d67a6");
	parts_are((const struct str[]){S(""), {0}}, 2, "81e47a19e6b29b0a65b9591762ce5143ed30d0261e5d24a3201752506b20f15c");
	parts_are((const struct str[]){{0}}, 1, "11da6d1f761ddf9bdb4c9d6e5303ebd41f61858d0a5647a1a7bfe089bf921be9");
}

// The vectors of FIPS 180-4: "abc", nothing, and a million a's in pieces.
static void sha256_vectors(void **state)
{
	(void)state;
	struct sha256 s;
	unsigned char d[32];
	char a[1000];
	sha256_begin(&s);
	sha256_end(&s, d);
	hex_is(d, sizeof d, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256_begin(&s);
	sha256_add(&s, S("ab"));
	sha256_add(&s, (struct str){0});
	sha256_add(&s, S("c"));
	sha256_end(&s, d);
	hex_is(d, sizeof d, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	memset(a, 'a', sizeof a);
	sha256_begin(&s);
	for (int i = 0; i < 1000; i++) sha256_add(&s, (struct str){a, sizeof a});
	sha256_end(&s, d);
	hex_is(d, sizeof d, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_digests),
		cmocka_unit_test(bytes_in_any_pieces),
		cmocka_unit_test(parts_do_not_run_together),
		cmocka_unit_test(sha256_vectors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
