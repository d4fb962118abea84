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
] as const;
