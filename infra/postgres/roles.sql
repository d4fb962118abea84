-- The database of one organisation and its two roles, made once, when the cluster begins. Runs in psql, as the superuser of the cluster.
-- The owner migrates. The application may connect; which tables it may read and write is for the migrations to say.
\set ON_ERROR_STOP on
\set owner_password `cat /run/secrets/owner`
\set application_password `cat /run/secrets/application`

create role owner login password :'owner_password';
create role application login password :'application_password';
create database convenant owner owner template template0 encoding 'UTF8' locale 'C';
revoke all on database convenant from public;
grant connect on database convenant to application;
-- Nobody but the superuser has anything to do with the other databases of this cluster.
revoke connect on database postgres from public;
revoke connect on database template1 from public;
