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

-- Once a statement, not once a row. A scalar subquery stays a look-up in the index whatever the planner thinks of the
-- table's size; a "not exists" could become a scan of the whole table while the table has no statistics yet.
create function event_follows() returns trigger language plpgsql
set search_path from current
set enable_seqscan = off
as $$
begin
  if exists (
    select from added
    where added.seq > 0
      and (select true from event where event.stream = added.stream and event.seq = added.seq - 1) is null)
  then
    raise exception 'the event before it is missing' using errcode = 'HL001';
  end if;
  return null;
end $$;

create trigger event_follows after insert on event
  referencing new table as added
  for each statement execute function event_follows();

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
