#!/usr/bin/env python3
"""Writes tests/conformance/json: y_*.json must be accepted, n_*.json refused (RFC 8259, and the bounds of lib/json.h).

The files are checked in; this is where their bytes can be read and changed. Run it from anywhere: it rewrites them all.
"""
import pathlib

HERE = pathlib.Path(__file__).parent / "json"
Y, N = {}, {}

# Values of each kind, bare, in an array and in an object (RFC 8259 section 2: a text is any value).
scalars = {
    "null": "null", "true": "true", "false": "false", "zero": "0", "minus_zero": "-0", "digit": "7", "int": "1234567890",
    "minus": "-12", "fraction": "0.5", "fraction_zeros": "1.500", "minus_fraction": "-0.001", "exp": "1e5", "exp_upper": "2E7",
    "exp_plus": "1e+3", "exp_minus": "1e-3", "exp_zeros": "1e007", "zero_exp": "0e1", "zero_fraction_exp": "0.0E-0",
    "int64_max": "9223372036854775807", "int64_min": "-9223372036854775808", "int_over_64_bits": "18446744073709551616",
    "int_100_digits": "9" * 100, "huge_exp": "1e400", "tiny_exp": "1e-400", "money": "19.90", "past_double": "9007199254740993",
    "string": '"text"', "string_empty": '""', "string_space": '" "', "string_slash": '"a/b"', "string_brackets": '"[{]}"',
    "string_comment": '"/* no */ // no"', "string_template": '"{{now}}"', "string_del": '"\x7f"', "string_apostrophe": "\"it's\"",
    "string_eight": '"12345678"', "string_nine": '"123456789"', "string_long": '"' + "x" * 4000 + '"',
}
for name, text in scalars.items():
    Y["value_" + name] = text
    Y["array_of_" + name] = "[" + text + "]"
    Y["member_" + name] = '{"a":' + text + "}"

for letter in '"\\/bfnrt':
    Y["escape_" + {'"': "quote", "\\": "backslash", "/": "slash"}.get(letter, letter)] = '["x\\' + letter + 'y"]'
Y |= {
    "escape_u_ascii": r'["\u0041"]', "escape_u_upper": r'["\u00E9\u00AF"]', "escape_u_lower": r'["\u00e9\u00af"]',
    "escape_u_control": r'["\u0001\u001f\u007f"]', "escape_u_quote": r'["\u0022\u005c"]', "escape_u_bmp": r'["\u20ac\uffff"]',
    "escape_u_pair": r'["\ud83d\ude00"]', "escape_u_first_pair": r'["\ud800\udc00"]', "escape_u_last_pair": r'["\uDBFF\uDFFF"]',
    "escape_u_below_surrogates": r'["\ud7ff"]', "escape_u_above_surrogates": r'["\ue000"]', "escape_backslashes": r'["\\\\\\"]',
    "escape_backslash_u": r'["\\u12"]', "escape_at_eight": r'["1234567\n"]', "escape_at_end": r'["a\n"]',
    "escape_noncharacter": r'["\ufdd0\ufffe"]',
    "utf8_two": '["é"]', "utf8_three": '["€"]', "utf8_four": '["😀"]', "utf8_first_two": '["\u0080"]', "utf8_last_two": '["\u07ff"]',
    "utf8_first_three": '["\u0800"]', "utf8_last_three": '["\uffff"]', "utf8_first_four": '["\U00010000"]',
    "utf8_last_four": '["\U0010ffff"]', "utf8_below_surrogates": '["\ud7ff"]', "utf8_above_surrogates": '["\ue000"]',
    "utf8_bom_inside": '["\ufeff"]', "utf8_line_separator": '["\u2028\u2029"]', "utf8_bidi": '["\u202e"]', "utf8_name": '{"größe":1}',
    "utf8_across_eight": '["1234567é"]', "utf8_noncharacter": '["\ufdd0"]', "utf8_c1": '["\u009b"]',
    "array_empty": "[]", "array_blank": "[ \t\r\n]", "array_two": "[1,2]", "array_mixed": '[null,1,"2",[],{}]', "array_nested": "[[[[]]]]",
    "object_empty": "{}", "object_blank": "{ \n}", "object_two": '{"a":1,"b":2}', "object_nested": '{"a":{"a":{"a":{}}}}',
    "object_empty_name": '{"":0}', "object_escaped_name": r'{"\u0061\n":0}', "object_names_differ_in_case": '{"a":1,"A":2}',
    "object_same_name_deeper": '{"a":{"a":1},"b":{"a":1}}', "object_same_name_in_array": '[{"a":1},{"a":1}]',
    "object_name_is_prefix": '{"a":1,"ab":2,"abc":3,"":4}', "object_proto": '{"__proto__":1}', "object_same_value": '{"a":"b","b":"b"}',
    "object_seventeen": "{" + ",".join(f'"k{i}":{i}' for i in range(17)) + "}",
    "object_thousand": "{" + ",".join(f'"k{i}":{i}' for i in range(1000)) + "}",
    "object_long_names": "{" + ",".join(f'"{"same start " * 9}{i}":{i}' for i in range(40)) + "}",
    "object_escaped_names_differ": "{" + ",".join(f'"\\u00{i:02x}":{i}' for i in range(32, 127)) + "}",
    "blanks_around": " \t\r\n[ 1 , 2 ] \t\r\n", "blanks_colon": '{"a" :\n1 , "b"\t: 2 }', "blanks_long": "[" + " " * 100 + "1" + "\n" * 9 + "]",
    "newline_at_end": "{}\n", "crlf": '{\r\n"a":1\r\n}\r\n',
    "depth_64": "[" * 64 + "]" * 64, "depth_64_mixed": '{"a":[' * 32 + "]}" * 32,
    "wide": "[" + ",".join(["0"] * 5000) + "]", "brackets_in_string": r'["]}\"]}"]',
}

N |= {
    "empty": "", "blank": " \n\t", "bare_word": "text", "undefined": "undefined", "none": "None", "nan": "NaN", "minus_nan": "-NaN",
    "infinity": "Infinity", "minus_infinity": "-Infinity", "true_upper": "True", "true_cut": "tru", "true_long": "truee",
    "null_upper": "NULL", "null_cut": "[nul]", "false_cut": "fals", "two_values": "1 2", "two_objects": "{}{}", "object_then_comma": "{},",
    "object_then_text": "{}x", "object_then_hash": "{} # x", "value_then_nul": "1\0", "array_then_nul": "[12]\0", "array_close_alone": "]", "object_close_alone": "}",
    "comma_alone": ",", "colon_alone": ":", "array_open": "[", "array_open_value": "[1", "array_open_comma": "[1,", "array_comma": "[,]",
    "array_trailing_comma": "[1,]", "array_two_commas": "[1,,2]", "array_comma_first": "[,1]", "array_no_comma": "[1 2]",
    "array_no_comma_strings": '["a" "b"]', "array_colon": '["a":1]', "array_closed_by_brace": "[1}", "array_closed_twice": "[1]]",
    "array_semicolon": "[1;2]", "array_single_quotes": "['a']", "array_line_comment": "[1 // one\n]", "array_comment": "[/* one */1]",
    "array_form_feed": "[\f1]", "array_vertical_tab": "[\v1]", "array_nbsp": "[\u00a01]", "array_nul": "[\0]", "array_word_joker": "[*]",
    "object_open": "{", "object_open_name": '{"a"', "object_open_colon": '{"a":', "object_open_value": '{"a":1', "object_open_comma": '{"a":1,',
    "object_trailing_comma": '{"a":1,}', "object_two_commas": '{"a":1,,"b":2}', "object_comma_first": '{,"a":1}', "object_comma": "{,}",
    "object_no_comma": '{"a":1 "b":2}', "object_no_colon": '{"a" 1}', "object_two_colons": '{"a"::1}', "object_equals": '{"a"=1}',
    "object_no_value": '{"a":}', "object_name_only": '{"a"}', "object_name_only_comma": '{"a","b":1}', "object_bare_name": "{a:1}",
    "object_number_name": "{1:1}", "object_null_name": "{null:1}", "object_single_quotes": "{'a':1}", "object_closed_by_bracket": '{"a":1]',
    "object_template": "{{now}}", "object_template_value": '{"at":{{now}}}', "object_template_dollar": '{"at":${now}}', "object_comment": '{"a":1/**/}',
    "object_semicolon": '{"a":1;"b":2}', "object_spread": "{...a}", "object_array_name": "{[]:1}",
    "duplicate": '{"a":1,"a":2}', "duplicate_same_value": '{"a":1,"a":1}', "duplicate_empty": '{"":1,"":2}', "duplicate_by_escape": r'{"a":1,"\u0061":2}',
    "duplicate_by_escape_first": r'{"\u0061":1,"a":2}', "duplicate_both_escaped": r'{"\u0061":1,"\u0061":2}', "duplicate_hex_case": r'{"\u00e9":1,"\u00E9":2}',
    "duplicate_escape_and_utf8": r'{"é":1,"\u00e9":2}', "duplicate_pair_and_utf8": r'{"😀":1,"\ud83d\ude00":2}', "duplicate_slash": r'{"a/b":1,"a\/b":2}',
    "duplicate_deep": '[{"x":[{"a":1,"b":{},"a":2}]}]', "duplicate_apart": '{"a":1,"b":{"c":[1,2,{"a":0}]},"a":2}',
    "duplicate_of_seventeen": "{" + ",".join(f'"k{i}":{i}' for i in range(17)) + ',"k0":1}',
    "duplicate_of_thousand": "{" + ",".join(f'"k{i}":{i}' for i in range(1000)) + ',"k999":1}',
    "duplicate_of_many_by_escape": "{" + ",".join(f'"k{i}":{i}' for i in range(50)) + r',"\u006b7":1}',
    "number_plus": "+1", "number_minus_alone": "-", "number_minus_space": "- 1", "number_two_minus": "--1", "number_leading_zero": "01",
    "number_minus_leading_zero": "-01", "number_double_zero": "00", "number_dot_first": ".5", "number_dot_last": "1.", "number_minus_dot": "-.5",
    "number_two_dots": "1.2.3", "number_dot_exp": "1.e5", "number_exp_alone": "1e", "number_exp_plus_alone": "1e+", "number_exp_minus_alone": "1E-",
    "number_exp_two_signs": "1e+-2", "number_exp_fraction": "1e1.5", "number_hex": "0x1F", "number_octal": "0o17", "number_underscore": "1_000",
    "number_comma": "[1.000,00.5]", "number_letter": "12a", "number_full_width": "\uff11", "number_space_inside": "[1 000]", "number_bigint": "1n",
    "number_euro": "[19,90 €]", "number_in_array_cut": "[-", "number_exp_in_array": "[1e]",
    "string_open": '"abc', "string_open_in_array": '["abc]', "string_open_escape": '["abc\\', "string_open_quote_escaped": '["abc\\"]',
    "string_newline": '["a\nb"]', "string_cr": '["a\rb"]', "string_tab": '["a\tb"]', "string_nul": '["a\0b"]', "string_esc": '["\x1b[2J"]',
    "string_unit_separator": '["\x1f"]', "string_control_at_eight": '["1234567\x01"]', "string_control_at_nine": '["12345678\x01"]',
    "name_newline": '{"a\nb":1}', "name_nul": '{"a\0":1}',
    "escape_unknown": r'["\x41"]', "escape_a": r'["\a"]', "escape_zero": r'["\0"]', "escape_apostrophe": r'''["\'"]''', "escape_upper": r'["\N"]',
    "escape_u_upper": r'["\U0041"]', "escape_newline": '["a\\\nb"]', "escape_u_cut": r'["\u00"]', "escape_u_cut_end": r'["\u00', "escape_u_short": r'["\u12 4"]',
    "escape_u_no_hex": r'["\u00g0"]', "escape_u_brace": r'["\u{41}"]', "escape_u_plus": r'["\u+041"]', "escape_u_minus": r'["\u-041"]', "escape_utf8": '["\\é"]',
    "nul_escape": r'["\u0000"]', "nul_escape_name": r'{"\u0000":1}', "nul_escape_inside": r'["a\u0000b"]',
    "surrogate_high": r'["\ud83d"]', "surrogate_low": r'["\ude00"]', "surrogate_reversed": r'["\ude00\ud83d"]', "surrogate_two_high": r'["\ud83d\ud83d"]',
    "surrogate_high_text": r'["\ud83dx"]', "surrogate_high_escape": r'["\ud83d\n"]', "surrogate_high_bmp": r'["\ud83d\u0041"]', "surrogate_high_end": r'["\ud83d',
    "surrogate_high_half": r'["\ud83d\ude0"]', "surrogate_pair_then_low": r'["\ud83d\ude00\ude00"]', "surrogate_name": r'{"\ud800":1}',
    "depth_65": "[" * 65 + "]" * 65, "depth_65_mixed": '{"a":[' * 32 + "[" + "]" + "]}" * 32, "depth_endless": "[" * 3000, "depth_endless_objects": '{"a":' * 1000,
    "depth_unclosed": "[" * 64,
}
raw = {  # bytes that no text has
    "utf8_ff": b'["\xff"]', "utf8_fe": b'["\xfe"]', "utf8_continuation": b'["\x80"]', "utf8_latin1": b'["caf\xe9"]', "utf8_two_cut": b'["\xc3"]',
    "utf8_three_cut": b'["\xe2\x82"]', "utf8_four_cut": b'["\xf0\x9f\x98"]', "utf8_cut_at_end": b'["\xe2', "utf8_overlong_slash": b'["\xc0\xaf"]',
    "utf8_overlong_two": b'["\xc1\xbf"]', "utf8_overlong_three": b'["\xe0\x9f\xbf"]', "utf8_overlong_four": b'["\xf0\x8f\xbf\xbf"]', "utf8_overlong_nul": b'["\xc0\x80"]',
    "utf8_surrogate": b'["\xed\xa0\x80"]', "utf8_surrogate_pair": b'["\xed\xa0\xbd\xed\xb8\x80"]', "utf8_past_last": b'["\xf4\x90\x80\x80"]', "utf8_five": b'["\xf8\x88\x80\x80\x80"]',
    "utf8_bad_at_eight": b'["1234567\xff"]', "utf8_bad_name": b'{"\xff":1}', "utf8_outside": b"[\xff]", "utf8_wrong_continuation": b'["\xe2\x28\xa1"]',
    "bom": b"\xef\xbb\xbf{}", "bom_alone": b"\xef\xbb\xbf", "utf16_le": '{"a":1}'.encode("utf-16-le"), "utf16_be": '{"a":1}'.encode("utf-16-be"),
    "utf16_bom": b"\xff\xfe" + "{}".encode("utf-16-le"), "utf16_bom_be": b"\xfe\xff" + "{}".encode("utf-16-be"), "utf32_le": "{}".encode("utf-32-le"),
    "utf32_be": "{}".encode("utf-32-be"), "utf32_bom": b"\xff\xfe\0\0" + "{}".encode("utf-32-le"), "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
}


def main():
    for old in HERE.glob("*.json"):
        old.unlink()
    HERE.mkdir(exist_ok=True)
    for prefix, cases in (("y_", Y), ("n_", N), ("n_", raw)):
        for name, text in cases.items():
            (HERE / f"{prefix}{name}.json").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))


main()
