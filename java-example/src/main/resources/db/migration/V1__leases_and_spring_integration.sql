-- H2 (in its PostgreSQL mode) and PostgreSQL.

create table file_lease (
  file_name varchar(255) not null primary key,
  owner varchar(100) not null,
  token bigint not null,
  expires_at timestamp with time zone not null
);

-- The tables of spring-integration-jdbc for the lock registry and the metadata store.

create table int_lock (
  lock_key char(36) not null,
  region varchar(100) not null,
  client_id char(36),
  created_date timestamp not null,
  expired_after timestamp not null,
  constraint int_lock_pk primary key (lock_key, region)
);

create table int_metadata_store (
  metadata_key varchar(255) not null,
  metadata_value varchar(4000),
  region varchar(100) not null,
  constraint int_metadata_store_pk primary key (metadata_key, region)
);
