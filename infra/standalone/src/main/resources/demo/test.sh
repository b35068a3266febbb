#!/bin/sh
# Checks top.sh on a text whose answer is known.
printf 'the cat and the dog and the bird\n' > sample.txt
expected='the 3
and 2'
actual=$(sh top.sh sample.txt 2)
if [ "$actual" = "$expected" ]; then
  echo 'ok - the most frequent words come first'
else
  echo 'not ok - the most frequent words come first'
  echo "expected:"; echo "$expected"
  echo "actual:"; echo "$actual"
  exit 1
fi
