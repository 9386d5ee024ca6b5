"""Operations on strings: what fails, and in which words; programs; TensorFlow 1."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1

BAD = tf.errors.InvalidArgumentError
s = tf.strings


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda: s.lower(3), TypeError, "Cannot convert 3 to EagerTensor of dtype string"),
    (lambda: s.lower(tf.constant(1)), BAD, "was expected to be a string tensor but is a int32 tensor"),
    (lambda: s.upper("a", encoding="utf-16"), BAD, r"only utf-8 or '' \(no encoding\) is supported, received utf-16"),
    (lambda: s.length("a", unit="X"), BAD, "Value for attr 'unit' of \"X\" is not in the list of allowed values: \"BYTE\""),
    (lambda: s.substr("hello", 6, 1), BAD, "pos 6 out of range for string b'hello' at index 0"),
    (lambda: s.substr(["hello", "wo"], [0, -3], [1, 1]), BAD, "pos -3 out of range for string b'wo' at index 1"),
    (lambda: s.substr("häö", 4, 1, unit="UTF8_CHAR"), BAD, "pos 4 out of range for string at index 0"),
    (lambda: s.substr(["a", "b"], [1, 2, 3], [1, 1, 1]), BAD, r"Incompatible shapes: \[2\] vs. \[3\]"),
    (lambda: s.substr("a", [1, 2], 3), BAD, r"pos and len should have the same shape, got: \[2\] vs. \[\]"),
    (lambda: s.join([["a", "b"], ["c"]]), BAD, r"Input shapes do not match: \[2\] vs. \[1\]"),
    (lambda: s.reduce_join([["a"]], [0, -2]), BAD, "Duplicate reduction dimension -2"),
    (lambda: s.reduce_join([["a"]], 2), tf.errors.OutOfRangeError, r"Invalid reduction dimension 2 for input with 2 dim"),
    (lambda: s.as_string(1.0, fill="x"), BAD, 'Fill argument not supported: "x"'),
    (lambda: s.as_string(1.0, fill="00"), BAD, "Fill string must be one or fewer characters"),
    (lambda: s.as_string(1, precision=2), BAD, "precision not supported for datatype int32"),
    (lambda: s.as_string(1, shortest=True), BAD, "scientific and shortest format not supported for datatype int32"),
    (lambda: s.as_string(1.0, shortest=True, scientific=True), BAD, "Cannot select both scientific and shortest notation"),
    *((lambda t=t, d=d: s.to_number([t], d), BAD, "StringToNumberOp could not correctly convert string: ") for t, d in (
        ("1.5", tf.int32), ("2147483648", tf.int32), ("-1", tf.uint32), ("0x10", tf.int64), ("", tf.float32),
        ("1e", tf.float32), ("1_0", tf.float32), ("infin", tf.float64))),
    (lambda: s.to_number("1", tf.bool), BAD, "Value for attr 'out_type' of bool is not in the list"),
    (lambda: s.to_hash_bucket_fast(["a"], 0), BAD, "Value for attr 'num_buckets' of 0 must be at least minimum 1"),
    (lambda: s.to_hash_bucket_strong(["a"], 3, [1]), BAD, "Key must have 2 elements"),
    (lambda: tf.fingerprint([1.5], method="x"), BAD, "Unsupported fingerprint method: x"),
    (lambda: tf.fingerprint(1.5), BAD, r"`data` should have at least one dimension: \[\]"),
    (lambda: s.unsorted_segment_join(["a"], [5], 2), BAD, "segment_ids are not allowed to exceed num_segments"),
    (lambda: s.unsorted_segment_join(["a"], [0], -1), BAD, "Number of segments must be non-negative but got -1"),
    (lambda: s.unicode_decode([b"a\xff"], "UTF-8", errors="strict"), BAD, "Invalid formatting on input string"),
    (lambda: s.unicode_decode(["a"], "nothing"), BAD, "Could not create converter for input encoding: nothing"),
    (lambda: s.unicode_transcode(["a"], "UTF-8", "UTF-16-LE"), BAD, "of \"UTF-16-LE\" is not in the list of allowed values"),
    (lambda: s.unicode_transcode(["a"], "UTF-8", "UTF-8", replacement_char=0x110000), BAD, "out of unicode codepoint range"),
    (lambda: s.unicode_encode([-1], "UTF-8", errors="strict"), BAD, "Code point is out of range for Unicode, or is a surr"),
    (lambda: s.unicode_encode(97, "UTF-8"), ValueError, "input_tensor's rank must be at least 1."),
    (lambda: tf.raw_ops.UnicodeEncode(input_values=[97], input_splits=[0, 2], output_encoding="UTF-8"), BAD,
     "Last value in input_splits must be equal to length of input_tensor."),
    (lambda: s.ngrams("a", 2), ValueError, "Data must have rank>0"),
    (lambda: s.ngrams(["a"], 0), ValueError, "All ngram_widths must be greater than 0. Got 0"),
    (lambda: s.ngrams(["a"], 1, padding_width=1), ValueError, "pad_values must be provided if padding_width is set."),
    (lambda: s.ngrams(["a"], 1, pad_values=3), TypeError, "pad_values must be a string, tuple of strings, or None."),
    (lambda: tf.raw_ops.StringNGrams(data=["a"], data_splits=[0, 2], separator="", ngram_widths=[1], left_pad="",
                                     right_pad="", pad_width=0, preserve_short_sequences=False), BAD,
     r"Invalid split value 2, must be in \[0, 1\]"),
    (lambda: tf.compat.v1.strings.split(["a"], result_type="X"), ValueError, "result_type must be 'RaggedTensor' or 'Spa"),
    (lambda: tf.raw_ops.StringSplitV2(input="a", sep=""), BAD, r"input must be a vector, got shape: \[\]"),
    (lambda: tf.io.decode_raw(["ab", "a"], tf.uint8), BAD, "but element 1 has size 2 != 1"),
    (lambda: tf.io.decode_raw(["abc"], tf.int16), BAD, "has length 3 that is not a multiple of 2, the size of int16"),
    (lambda: tf.io.decode_raw(["a"], tf.int16, fixed_length=3), BAD, r"fixed_length \(3\) must be a multiple of the size"),
    (lambda: tf.io.decode_base64(["YQ="]), BAD, "Invalid character found in base64."),
    (lambda: tf.io.decode_base64(["Y"]), BAD, "Base64 string length cannot be 1 modulo 4."),
    (lambda: tf.io.decode_compressed(["raw"], "ZLIB"), tf.errors.DataLossError, "incorrect header check"),
    (lambda: tf.io.decode_compressed(["raw"], "X"), BAD, "Only ZLIB, ZSTD, GZIP or NONE are supported compressions"),
    (lambda: tf.io.decode_csv(["1,2"], [[1]]), BAD, "Expect 1 fields but have 2 in record 0"),
    (lambda: tf.io.decode_csv(["1", "x"], [[1]]), BAD, "Field 0 in record 1 is not a valid int32: x"),
    (lambda: tf.io.decode_csv([",1"], [tf.constant([], tf.float32), [1]]), BAD, "Field 0 is required but missing in record 0"),
    (lambda: tf.io.decode_csv(['a"b,c'], [["a"], ["b"]]), BAD, "Unquoted fields cannot have quotes/CRLFs inside"),
    (lambda: tf.io.decode_csv(['"a"b,c'], [["a"], ["b"]]), BAD, "Quote inside a string has to be escaped by another quote"),
    (lambda: tf.io.decode_csv(['"a,c'], [["a"], ["b"]]), BAD, "Quoted field has to end with quote followed by delim or end"),
    (lambda: tf.io.decode_csv(["1,2"], [[1], [2]], select_cols=[1, 0]), ValueError, "select_cols is not strictly increasing"),
    (lambda: tf.io.decode_csv(["1"], [[True]]), BAD, "Value for attr 'OUT_TYPE' of bool is not in the list"),
])
def test_errors(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize(("pattern", "words"), [
    ("(", "missing ): ("), ("a++", "bad repetition operator: ++"), ("a**", "bad repetition operator: **"),
    ("(?=a)b", "invalid perl operator: (?="), (r"(a)\1", r"invalid escape sequence: \1"), ("[", "missing ]: ["),
    ("a{1001}", "invalid repetition size: {1001}"), ("(?<n>a)", "invalid perl operator: (?<"),
    (r"\Z", r"invalid escape sequence: \Z"), (r"a\y", r"invalid escape sequence: \y"), ("(?x)a", "invalid perl operator: (?x"),
    ("*a", "no argument for repetition operator: *"), ("a|*", "no argument for repetition operator: *"),
    ("a)", "unexpected ): a)"), ("[b-a]", "invalid character class range: b-a"),
    (r"\p{Foo}", r"invalid character class range: \p{Foo}")])
def test_patterns_that_are_not_accepted(pattern: str, words: str) -> None:
    with pytest.raises(BAD) as error:
        s.regex_replace("a", pattern, "b")
    assert f"Invalid pattern: {pattern}, error: {words}" in str(error.value)


@pytest.mark.parametrize(("text", "pattern", "rewrite", "expected"), [
    ("ab\ncd\n", "$", "E", "ab\ncd\nE"), ("ab\ncd", "(?m)$", "E", "abE\ncdE"), ("x", "(|x)", "-", "-x-"),
    ("aaa", "(?U)a+", "S", "SSS"),
    ("aBAb", "a(?i)b", "S", "SAb"), ("a{,2}", "a{,2}", "S", "S"), ("Äa٣1", r"\w", "_", "Ä_٣_"), ("a b\v", r"\s", "_", "a_b\v"),
    ("hello", "l", r"\x", "heo"), ("hello", "(l)", r"\2", "hello"), ("a.b", r"\Q.\E", "!", "a!b"),
    ("a]-^", r"[]\-^]", ".", "a..."), ("Ⅳπ", r"\P{Greek}", "n", "nπ")])
def test_what_patterns_mean(text: str, pattern: str, rewrite: str, expected: str) -> None:
    assert s.regex_replace(text, pattern, rewrite).numpy().decode() == expected


def test_bytes_that_are_not_text_survive() -> None:
    assert s.regex_replace(b"\xff\xfea", ".", "/").numpy() == b"\xff\xfe/"
    assert s.regex_replace(b"\xff\xfea", "[^b]", "/").numpy() == b"\xff\xfe/"
    assert s.lower(b"\xffA").numpy() == b"\xffa"


def test_programs() -> None:
    @tf.function
    def f(x: Any) -> Any:
        words = s.split(s.lower(x), ",")
        lengths = tf.cast(s.length(words.flat_values), tf.float32)
        return words, tf.reduce_sum(lengths * 2.0), s.join([x[0], x[1]], "-")
    for _ in range(3):
        words, total, joined = f(tf.constant(["A,b", "C", ""]))
        assert words.to_list() == [[b"a", b"b"], [b"c"], [b""]] and total.numpy() == 6.0 and joined.numpy() == b"A,b-C"


def test_static_shapes_and_names() -> None:
    with tf1.Graph().as_default():
        p, v = tf1.placeholder(tf1.string, [None, 3]), tf1.placeholder(tf1.string, [4])
        q = tf1.placeholder(tf1.string)
        assert s.lower(p).shape.as_list() == s.length(p).shape.as_list() == [None, 3]
        assert s.substr(p, 1, 2).shape.as_list() == [None, 3] and s.substr("a", [1], [2]).shape.as_list() == [1]
        assert s.join([v, q]).shape.as_list() == [4] and s.join([p, "x"]).shape.as_list() == [None, 3]
        assert s.reduce_join(p, 0).shape.as_list() == [3] and s.reduce_join(p, 1, True).shape.as_list() == [None, 1]
        assert s.reduce_join(q).shape.rank is None and s.reduce_join(p).name == "ReduceJoin_3/ReduceJoin:0"
        assert s.unsorted_segment_join(p, [0, 0], 3).shape.as_list() == [3, 3]
        assert tf.fingerprint(p).shape.as_list() == [None, 8]
        assert tf.io.decode_raw(p, tf.uint8).shape.as_list() == [None, 3, None]
        assert tf.io.decode_raw(p, tf.uint16, fixed_length=4).shape.as_list() == [None, 3, 2]
        assert [t.shape.as_list() for t in tf.io.decode_csv(v, [[1], ["a"]])] == [[4], [4]]
        assert s.split(q).values.op.type == "StringSplitV2"


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda p, v: s.length(p, unit="X"), ValueError, "Attr 'unit' of 'StringLength' Op passed string 'X' not in"),
    (lambda p, v: s.join([p, v]), ValueError, "Shapes must be equal rank, but are 2 and 1"),
    (lambda p, v: s.substr(v, [1, 2], [1, 1, 1]), ValueError, r"pos and len shapes must match: \[2\] vs. \[3\]"),
    (lambda p, v: s.substr(v, [1, 2, 3], [1, 1, 1]), ValueError, "Dimensions must be equal, but are 4 and 3"),
    (lambda p, v: s.reduce_join(p, 5), ValueError, "Invalid reduction dimension 5 for input with 2 dimensions."),
    (lambda p, v: s.to_number(p, tf.bool), TypeError, "'out_type' has DataType bool not in list of allowed values"),
    (lambda p, v: s.to_hash_bucket_fast(p, 0), ValueError, "Attr 'num_buckets' of 'StringToHashBucketFast' Op passed 0 less"),
    (lambda p, v: s.regex_replace(p, v, "b"), ValueError, "Shape must be rank 0 but is rank 1"),
    (lambda p, v: tf.io.read_file(v), ValueError, "Shape must be rank 0 but is rank 1"),
    (lambda p, v: tf.io.decode_csv(v, [[1, 2]]), ValueError, "Shape of a default must be a length-0 or length-1 vector"),
    (lambda p, v: s.unsorted_segment_join(v, [0, 1], 3), ValueError, "Dimensions must be equal, but are 4 and 2"),
    (lambda p, v: s.strip(tf.size(p)), TypeError, "Input 'input' of 'StringStrip' Op has type int32")])
def test_errors_of_graph_construction(call: Any, error: type[Exception], words: str) -> None:
    with tf1.Graph().as_default():
        p, v = tf1.placeholder(tf1.string, [None, 3]), tf1.placeholder(tf1.string, [4])
        with pytest.raises(error, match=words):
            call(p, v)


def test_sessions() -> None:
    tf1.reset_default_graph()
    x = tf1.placeholder(tf1.string, [None])
    fetches = [tf1.string_split(x), tf1.strings.length(x, unit="UTF8_CHAR"), tf1.substr(x, 0, 1), tf1.string_join([x, "!"]),
               tf1.string_to_hash_bucket_fast(x, 10), tf1.as_string(tf1.strings.length(x)), tf1.reduce_join(x, keep_dims=True),
               tf1.strings.split(x, result_type="RaggedTensor"), tf1.decode_raw(x[:1], tf1.uint8),
               tf1.regex_replace(x, "ä", "a")]
    with tf1.Session() as session:
        parts, lengths, first, joined, _, texts, whole, ragged, raw, plain = session.run(fetches, {x: ["a bä", "c"]})
    assert parts.values.tolist() == [b"a", "bä".encode(), b"c"] and parts.dense_shape.tolist() == [2, 2]
    assert lengths.tolist() == [4, 1] and first.tolist() == [b"a", b"c"] and joined[1] == b"c!"
    assert texts.tolist() == [b"5", b"1"] and whole.tolist() == ["a bäc".encode()] and ragged.to_list()[1] == [b"c"]
    assert raw.tolist() == [list("a bä".encode())] and plain[0] == b"a ba"


def test_hashes_of_many_strings_are_those_of_one() -> None:
    rng = np.random.default_rng(0)
    words = [bytes(rng.integers(0, 256, n, np.uint8)) for n in rng.integers(0, 150, 400)]
    words += [bytes(rng.integers(0, 256, 70, np.uint8)) for _ in range(20)]
    for bucket in (s.to_hash_bucket, s.to_hash_bucket_fast, lambda x, n: s.to_hash_bucket_strong(x, n, [1, 2])):
        together = bucket(words, 2**62).numpy().tolist()
        assert together == [bucket(w, 2**62).numpy() for w in words]
