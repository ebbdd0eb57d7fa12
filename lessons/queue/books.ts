// What lesson 26 shares with its workers: the name of the queue, and the books in which the guests are charged.
export const QUEUE = 'dinner';

/** A guest is charged in two books. Only the second one has a key, so it takes each order once. */
export const BOOKS = `create table charges (order_id int);
  create table charges_by_key (order_id int primary key)`;

export const CHARGE = 'insert into charges values ($1)';
export const CHARGE_BY_KEY = 'insert into charges_by_key values ($1) on conflict do nothing';
