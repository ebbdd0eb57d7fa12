// What hangs on a promise: then, catch and finally, with the functions they were given. `both` is called by two.
import { gate, keep, ready } from './gates.mjs';

async function cook() {
  await gate();
}
async function chain() {
  await cook()
    .then((dish) => dish)
    .then(function season(dish) {
      return dish;
    });
}
async function guarded() {
  await cook()
    .catch(() => 'burnt')
    .finally(() => 'over');
}
async function returned() {
  return cook();
}
async function caller() {
  await returned();
}
async function adopted() {
  await new Promise((resolve) => {
    resolve(cook());
  });
}
async function passedOn() {
  await new Promise((resolve, reject) => {
    cook().then(resolve, reject);
  });
}
async function both() {
  await new Promise((resolve) => {
    void cook().then(resolve);
    void gate().then(() => resolve());
  });
}

keep(chain(), guarded(), caller(), adopted(), passedOn(), both());
ready();

/* shows:
chain 8:3
  then season 10:26
    then (anonymous) 9:11
      cook 5:3
        ? (its resolver is in opened[])
guarded 15:3
  finally (anonymous) 17:14
    catch (anonymous) 16:12
      cook 5:3
        ? (its resolver is in opened[])
caller 23:3
  cook 5:3
    ? (its resolver is in opened[])
adopted 26:3
  cook 5:3
    ? (its resolver is in opened[])
passedOn 31:3
  cook 5:3
    ? (its resolver is in opened[])
both 36:3
  settled by
    cook 5:3
      ? (its resolver is in opened[])
    ? (its resolver is in opened[])
*/
