"""What is a table and what is not."""

from __future__ import annotations

import pytest

from crm.importing.reading import NotATable, read_table

pytestmark = pytest.mark.any_engine("asks no database")

NO_TABLE = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "binary": (b"a,b\n\x00\x01", "no text has"),
    "binary in two bytes": ("a,b\nA\0,1\n".encode("utf-16"), "no text has"),
    "endless heading": (b"a," + b"x" * 200_000 + b"\n1,2\n", "from line 1 on"),
    "excel": (b"PK\x03\x04xx", "Excel"),
    "pdf": (b"%PDF-1.4", "PDF"),
    "web page": (b"<!DOCTYPE html><html>", "web page"),
    "json": (b'{"a": 1}', "JSON"),
    "one column of prose": (b"Dear all\nthis is a letter\nyours\n", "one column"),
    "prose with commas": (b"Dear Ann, hello\n\nI write\nto you\ntoday\nbecause\nof this\n", "do not have the 2 cells"),
    "wrong encoding": ("a,b\nMünchen,1\n".encode("cp1252"), "line 2 has a byte"),
    "unclosed quote": (b'a,b\n"x,1\n', "from line 2 on"),
    "repeated heading": (b"a,a\n1,2\n", "two columns called 'a'"),
}


@pytest.mark.parametrize("content, said", NO_TABLE.values(), ids=NO_TABLE.keys())
def test_no_table(tmp_path, content, said):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(NotATable, match=said):
        read_table(path)


TABLES = {
    "comma": b"a,b\n1,2\n",
    "semicolon": b"a;b\n1;2\n",
    "tab": b"a\tb\n1\t2\n",
    "bar": b"a|b\n1|2\n",
    "byte order mark": b"\xef\xbb\xbfa,b\n1,2\n",
    "utf-16": "a,b\n1,2\n".encode("utf-16"),
    "windows lines": b"a,b\r\n1,2\r\n",
    "blank lines and spaces": b"\na , b\n\n 1,2 \n,\n",
}


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES.keys())
def test_table(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert read_table(path).frame.to_dict("records") == [{"a": "1", "b": "2"}]


def test_nothing_is_guessed(tmp_path):
    (tmp_path / "file.csv").write_text("a,b\nNone,007\nNaN,\nNA,1e5\n")
    frame = read_table(tmp_path / "file.csv").frame
    assert frame["a"].tolist() == ["None", "NaN", "NA"]
    assert frame["b"].tolist() == ["007", "", "1e5"]


def test_lines_are_those_of_the_file(tmp_path):
    (tmp_path / "file.csv").write_text('a,b\n"two\nlines",1\n\nx,2\ntoo,many,cells\ny,3\n')
    table = read_table(tmp_path / "file.csv")
    assert list(table.frame.index) == [2, 5, 7]
    assert table.ragged == [(6, 3)]


def test_a_stated_encoding_is_taken(tmp_path):
    (tmp_path / "file.csv").write_bytes("a,b\nMünchen,1\n".encode("cp1252"))
    assert read_table(tmp_path / "file.csv", encoding="cp1252").frame["a"].tolist() == ["München"]
