/** The bookkeeping of door and inbox. A lane's row is locked while it changes, so that its numbers have no gaps and no doubles. */

export const exchangeLedger = [
  `
create table convenant.lanes (
  lane text collate "C" primary key,
  last_number int not null default 0,
  receipt int not null default 0
);
create table convenant.outbox (
  message_id text collate "C" primary key,
  lane text collate "C" not null,
  number int not null,
  recipient text collate "C" not null,
  stream text collate "C" not null,
  stream_version int not null,
  index int not null,
  handed_over boolean not null default false,
  -- Taking out renumbers in one statement; doubles count at its end only.
  unique (lane, number) deferrable initially immediate
);
create table convenant.received_lanes (
  lane text collate "C" primary key,
  up_to int not null
);
create table convenant.parked (
  message_id text collate "C" primary key,
  sender text collate "C" not null,
  lane text collate "C" not null,
  number int not null,
  type text collate "C" not null,
  reason text collate "C" not null,
  signed text not null,
  at text collate "C" not null
);
create table convenant.checkpoints (
  reader text collate "C" primary key,
  position text collate "C" not null
);

create function convenant.enqueue(lane_name text, id text, recipient_name text, of_stream text, of_version int, of_index int)
returns setof convenant.outbox
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  next int;
begin
  -- One id, one lane: the same id in two lanes at once is the same message and must get one number.
  perform pg_advisory_xact_lock(7303, hashtext(id));
  return query select * from convenant.outbox o where o.message_id = id;
  if found then return; end if;
  insert into convenant.lanes as l (lane, last_number) values (lane_name, 1)
    on conflict (lane) do update set last_number = l.last_number + 1 returning l.last_number into next;
  return query insert into convenant.outbox values (id, lane_name, next, recipient_name, of_stream, of_version, of_index) returning *;
end $$;

create function convenant.take_out(id text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  place record;
begin
  perform 1 from convenant.lanes l where l.lane = (select o.lane from convenant.outbox o where o.message_id = id) for update;
  select o.lane, o.number into place from convenant.outbox o join convenant.lanes l using (lane)
    where o.message_id = id and o.number > l.receipt
    and not exists (select from convenant.outbox f where f.lane = o.lane and f.number >= o.number and f.handed_over);
  if not found then return false; end if;
  delete from convenant.outbox o where o.message_id = id;
  update convenant.outbox o set number = o.number - 1 where o.lane = place.lane and o.number > place.number;
  update convenant.lanes l set last_number = l.last_number - 1 where l.lane = place.lane;
  return true;
end $$;

create function convenant.mark_handed_over(id text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from convenant.lanes l where l.lane = (select o.lane from convenant.outbox o where o.message_id = id) for update;
  update convenant.outbox o set handed_over = true where o.message_id = id;
end $$;

revoke all on function convenant.enqueue(text, text, text, text, int, int), convenant.take_out(text), convenant.mark_handed_over(text) from public;
grant execute on function convenant.enqueue(text, text, text, text, int, int), convenant.take_out(text), convenant.mark_handed_over(text) to {{application}};
grant select, insert, update, delete on convenant.lanes, convenant.outbox, convenant.received_lanes, convenant.parked, convenant.checkpoints to {{application}};
`,
  `
-- Marks, and says under which number, in one step: between reading a number and marking, another instance may take a message out before it.
-- A release that runs beside this one still calls mark_handed_over.
create function convenant.hand_over(id text) returns int
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  place int;
begin
  perform 1 from convenant.lanes l where l.lane = (select o.lane from convenant.outbox o where o.message_id = id) for update;
  update convenant.outbox o set handed_over = true where o.message_id = id returning o.number into place;
  return place;
end $$;

revoke all on function convenant.hand_over(text) from public;
grant execute on function convenant.hand_over(text) to {{application}};
`,
  `
-- \`again\` is set while a recipient that lost what it had gets everything once more: the number up to which it has said that it has it.
alter table convenant.lanes add column again int;
alter table convenant.parked add column redrive_asked boolean not null default false;
-- One row per restore from a backup, the last one counts. Only the owner writes here: the service must not release its own door.
create table convenant.restores (
  number int generated always as identity primary key,
  series text collate "C" not null unique,
  backed_up_at text collate "C" not null,
  restored_at text collate "C" not null,
  released_at text collate "C"
);
grant select on convenant.restores to {{application}};
`,
  `
-- Many at once in one transaction. Rows of lanes are locked in the order of their names, so that two of these never wait for each other
-- in a circle; the functions for one, which a release that runs beside this one still calls, lock no second lane.
create function convenant.enqueue_all(lanes text[], ids text[], recipients text[], streams text[], versions int[], indexes int[])
returns setof convenant.outbox
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  -- One id, one lane: the same id in two lanes at once is the same message and must get one number.
  perform pg_advisory_xact_lock(7303, locks.key)
    from (select distinct hashtext(i) as key from unnest(ids) i order by 1) locks;
  with unknown as (
    select distinct on (a.id) a.*
    from unnest(lanes, ids, recipients, streams, versions, indexes)
      with ordinality as a (lane, id, recipient, stream, version, index, place)
    where not exists (select from convenant.outbox o where o.message_id = a.id)
    order by a.id, a.place
  ), lengthened as (
    insert into convenant.lanes as l (lane, last_number)
    select u.lane, count(*) from unknown u group by u.lane order by u.lane
    on conflict (lane) do update set last_number = l.last_number + excluded.last_number
    returning l.lane, l.last_number
  )
  insert into convenant.outbox (message_id, lane, number, recipient, stream, stream_version, index)
  select u.id, u.lane,
    l.last_number - count(*) over (partition by u.lane) + row_number() over (partition by u.lane order by u.place),
    u.recipient, u.stream, u.version, u.index
  from unknown u join lengthened l on l.lane = u.lane;
  return query select o.* from unnest(ids) with ordinality as a (id, place)
    join convenant.outbox o on o.message_id = a.id order by a.place;
end $$;

create function convenant.hand_over_all(ids text[]) returns table (message_id text, number int)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform 1 from convenant.lanes l
    where l.lane in (select o.lane from convenant.outbox o where o.message_id = any (ids)) order by l.lane for update;
  return query update convenant.outbox o set handed_over = true where o.message_id = any (ids) returning o.message_id, o.number;
end $$;

-- A receipt counts when its sender is the recipient of that lane. One for what does not exist yet must not swallow the messages that get
-- those numbers later. Answers, by the place of the receipt, how many of its lane still wait.
create function convenant.note_receipts(lanes text[], up_tos int[], recipients text[]) returns table (place bigint, waiting int)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform 1 from convenant.lanes l where l.lane = any (lanes) order by l.lane for update;
  update convenant.lanes l
    set receipt = greatest(l.receipt, least(a.up_to, l.last_number)),
      again = case when least(a.up_to, l.last_number) < l.receipt then greatest(l.again, least(a.up_to, l.last_number)) end
    from (
      select r.lane, max(r.up_to) as up_to from unnest(lanes, up_tos, recipients) as r (lane, up_to, recipient)
      where exists (select from convenant.outbox o where o.lane = r.lane and o.recipient = r.recipient)
      group by r.lane
    ) a
    where l.lane = a.lane and coalesce(l.again, l.receipt) < least(a.up_to, l.last_number);
  return query select a.place, l.last_number - coalesce(l.again, l.receipt)
    from unnest(lanes, recipients) with ordinality as a (lane, recipient, place) join convenant.lanes l on l.lane = a.lane
    where exists (select from convenant.outbox o where o.lane = a.lane and o.recipient = a.recipient);
end $$;

revoke all on function convenant.enqueue_all(text[], text[], text[], text[], int[], int[]), convenant.hand_over_all(text[]),
  convenant.note_receipts(text[], int[], text[]) from public;
grant execute on function convenant.enqueue_all(text[], text[], text[], text[], int[], int[]), convenant.hand_over_all(text[]),
  convenant.note_receipts(text[], int[], text[]) to {{application}};
`,
  `
-- The same answers, found by key. A plan is kept for the session, and the planner knows neither how many are asked about nor how the tables
-- grew since it looked: it went through all lanes, and all messages that ever left, for one receipt. So every row is looked up by its whole
-- key, in a subquery that the planner may not take apart (that is what \`offset 0\` does).
create or replace function convenant.enqueue_all(lanes text[], ids text[], recipients text[], streams text[], versions int[], indexes int[])
returns setof convenant.outbox
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
begin
  -- One id, one lane: the same id in two lanes at once is the same message and must get one number.
  perform pg_advisory_xact_lock(7303, locks.key)
    from (select distinct hashtext(i) as key from unnest(ids) i order by 1) locks;
  with unknown as (
    select distinct on (a.id) a.*
    from unnest(lanes, ids, recipients, streams, versions, indexes)
      with ordinality as a (lane, id, recipient, stream, version, index, place)
    left join lateral (select true as is_known from convenant.outbox o where o.message_id = a.id offset 0) known on true
    where known.is_known is null
    order by a.id, a.place
  ), lengthened as (
    insert into convenant.lanes as l (lane, last_number)
    select u.lane, count(*) from unknown u group by u.lane order by u.lane
    on conflict (lane) do update set last_number = l.last_number + excluded.last_number
    returning l.lane, l.last_number
  )
  insert into convenant.outbox (message_id, lane, number, recipient, stream, stream_version, index)
  select u.id, u.lane,
    l.last_number - count(*) over (partition by u.lane) + row_number() over (partition by u.lane order by u.place),
    u.recipient, u.stream, u.version, u.index
  from unknown u join lengthened l on l.lane = u.lane;
  return query select o.* from unnest(ids) with ordinality as a (id, place)
    cross join lateral (select o.* from convenant.outbox o where o.message_id = a.id offset 0) o order by a.place;
end $$;

create or replace function convenant.hand_over_all(ids text[]) returns table (message_id text, number int)
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
begin
  perform 1 from convenant.lanes l where l.lane = any (array(
    select o.lane from unnest(ids) a (id)
    cross join lateral (select o.lane from convenant.outbox o where o.message_id = a.id offset 0) o)) order by l.lane for update;
  return query update convenant.outbox o set handed_over = true where o.message_id = any (ids) returning o.message_id, o.number;
end $$;

-- A receipt counts when its sender is the recipient of that lane. One for what does not exist yet must not swallow the messages that get
-- those numbers later. Answers, by the place of the receipt, how many of its lane still wait. A row that is locked stays where it stands.
create or replace function convenant.note_receipts(lanes text[], up_tos int[], recipients text[]) returns table (place bigint, waiting int)
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
begin
  perform 1 from convenant.lanes l where l.lane = any (lanes) order by l.lane for update;
  update convenant.lanes l
    set receipt = greatest(l.receipt, least(a.up_to, l.last_number)),
      again = case when least(a.up_to, l.last_number) < l.receipt then greatest(l.again, least(a.up_to, l.last_number)) end
    from (
      select r.lane, max(r.up_to) as up_to from unnest(lanes, up_tos, recipients) as r (lane, up_to, recipient)
      cross join lateral (
        select from convenant.outbox o where o.lane = r.lane and o.recipient = r.recipient limit 1) o
      group by r.lane
    ) a
    cross join lateral (select s.ctid as stands_at from convenant.lanes s where s.lane = a.lane offset 0) s
    where l.ctid = s.stands_at and coalesce(l.again, l.receipt) < least(a.up_to, l.last_number);
  return query select a.place, l.last_number - coalesce(l.again, l.receipt)
    from unnest(lanes, recipients) with ordinality as a (lane, recipient, place)
    cross join lateral (
      select from convenant.outbox o where o.lane = a.lane and o.recipient = a.recipient limit 1) o
    cross join lateral (select l.* from convenant.lanes l where l.lane = a.lane offset 0) l;
end $$;
`,
  `
-- Which lanes wait is asked once a second and at every look of a monitor: by what waits, not by all lanes that there ever were. It costs every message
-- two entries in indexes, since a lane's row is no longer changed in its place; that was not to be measured.
create index lanes_that_wait on convenant.lanes (lane) where coalesce(again, receipt) < last_number;
`,
] as const;
