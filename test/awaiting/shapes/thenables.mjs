// An object with a `then` of its own: it gets two functions and keeps them where it likes.
import { gate, keep, ready } from './gates.mjs';

class Query {
  #waiting = [];
  then(resolve, reject) {
    this.#waiting.push({ resolve, reject });
  }
}
class Lazy {
  then(resolve, reject) {
    return cook().then(resolve, reject);
  }
}
async function cook() {
  await gate();
}
async function ask(query) {
  await query;
}
async function start() {
  await new Lazy();
}
class Patient extends Promise {}
async function subclass() {
  await Patient.resolve(cook());
}
async function fromSubclass() {
  await new Patient((resolve) => {
    void cook().then(resolve);
  });
}

const query = new Query();
keep(query, ask(query), start(), subclass(), fromSubclass());
ready();

/* shows:
ask 19:3
  ? (its resolver is in Query.#waiting[])
start 22:3
  cook 16:3
    ? (its resolver is in opened[])
subclass 26:3
  cook 16:3
    ? (its resolver is in opened[])
fromSubclass 29:3
  cook 16:3
    ? (its resolver is in opened[])
*/
