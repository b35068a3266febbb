#!/bin/sh
# top.sh FILE [N]: the N most frequent words of a file, most frequent first.
file=$1
count=${2:-10}
tr -cs 'A-Za-z' '\n' < "$file" |
  tr 'A-Z' 'a-z' |
  sort |
  uniq -c |
  sort -n |
  head -n "$count" |
  awk '{ print $2, $1 }'
