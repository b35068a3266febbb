-- The log: events in their global order, snapshots of streams, and what erasure leaves behind.

create table event (
  global      bigint not null constraint event_global primary key,
  stream      text collate "C" not null,
  seq         bigint not null,
  stream_type text not null,
  id          text not null,
  type        text not null,
  revision    text,
  at          text collate "C" not null,
  meta_data   bytea not null,
  payload     bytea not null,
  constraint event_place unique (stream, seq));

create table snapshot (
  stream      text collate "C" not null,
  seq         bigint not null,
  stream_type text not null,
  id          text not null,
  type        text not null,
  revision    text,
  at          text collate "C" not null,
  meta_data   bytea not null,
  payload     bytea not null,
  primary key (stream, seq));

-- One row: the highest global index that was ever erased, so that none is given out twice.
create table erased (
  global bigint not null);
insert into erased values (0);

-- One row: tells this log from every other.
create table identity (
  id uuid not null);
insert into identity values (gen_random_uuid());
