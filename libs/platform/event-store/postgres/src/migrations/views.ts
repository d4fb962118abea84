/** Rows of every view in one table, what they are found by in a second, and how far each view has come in a third. */

export const views = [
  `
create table convenant.views (
  id int generated always as identity primary key,
  name text collate "C" not null,
  version int not null,
  position text collate "C" not null,
  unique (name, version)
);
create table convenant.view_rows (
  view int not null,
  key text collate "C" not null,
  row json not null,
  indexes json not null,
  sort text collate "C" not null,
  primary key (view, key)
);
-- In the order in which rows are found, so that a page is one range of this index.
create table convenant.view_index (
  view int not null,
  name text collate "C" not null,
  value text collate "C" not null,
  sort text collate "C" not null,
  key text collate "C" not null,
  primary key (view, name, value, sort, key)
);
create index on convenant.view_index (view, key);

create function convenant.save_view(
  view_name text, view_version int, expected text, next text,
  kinds text[], keys text[], rows json[], indexes json[], sorts text[]
) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  own int;
  before record;
begin
  if expected is null then
    insert into convenant.views (name, version, position) values (view_name, view_version, next)
      on conflict do nothing returning id into own;
  else
    update convenant.views v set position = next
      where v.name = view_name and v.version = view_version and v.position = expected returning v.id into own;
  end if;
  if own is null then return false; end if;
  for i in 1 .. cardinality(kinds) loop
    if kinds[i] = 'put' then
      select r.sort, r.indexes::text as indexes into before from convenant.view_rows r where r.view = own and r.key = keys[i];
      if found then
        update convenant.view_rows r set row = rows[i], indexes = save_view.indexes[i], sort = sorts[i]
          where r.view = own and r.key = keys[i];
        continue when before.sort = sorts[i] and before.indexes = indexes[i]::text;
        delete from convenant.view_index x where x.view = own and x.key = keys[i];
      else
        insert into convenant.view_rows values (own, keys[i], rows[i], indexes[i], sorts[i]);
      end if;
      insert into convenant.view_index select own, e.key, e.value, sorts[i], keys[i] from json_each_text(indexes[i]) e;
    elsif kinds[i] = 'delete' then
      delete from convenant.view_index x where x.view = own and x.key = keys[i];
      delete from convenant.view_rows r where r.view = own and r.key = keys[i];
    else
      -- Here keys[i] is the name of the index and sorts[i] the value.
      delete from convenant.view_rows r using convenant.view_index x
        where x.view = own and x.name = keys[i] and x.value = sorts[i] and r.view = own and r.key = x.key;
      delete from convenant.view_index x using convenant.view_index hit
        where hit.view = own and hit.name = keys[i] and hit.value = sorts[i] and x.view = own and x.key = hit.key;
    end if;
  end loop;
  return true;
end $$;

create function convenant.drop_view(view_name text, view_version int) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  with gone as (delete from convenant.views v where v.name = view_name and v.version = view_version returning id),
    rows as (delete from convenant.view_rows r using gone where r.view = gone.id)
  delete from convenant.view_index x using gone where x.view = gone.id;
$$;

revoke all on function convenant.save_view(text, int, text, text, text[], text[], json[], json[], text[]), convenant.drop_view(text, int) from public;
grant execute on function convenant.save_view(text, int, text, text, text[], text[], json[], json[], text[]), convenant.drop_view(text, int) to {{application}};
grant select, insert, update, delete on convenant.views, convenant.view_rows, convenant.view_index to {{application}};
`,
] as const;
