-- Creates the database of a service and its owner, both with the name `service`, unless they exist; sets the password.
-- No other role can connect to the database.
\set password `cat "$PASSWORD_FILE"`

SELECT format('CREATE ROLE %I', :'service')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service') \gexec

ALTER ROLE :"service" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';

SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'service')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service') \gexec

REVOKE ALL ON DATABASE :"service", postgres, template1 FROM PUBLIC;
