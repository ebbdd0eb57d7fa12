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
// Several reactions of one promise.
async function shared() {
  const dish = cook();
  await Promise.all([dish.then(() => 1), dish.catch(() => 2), dish.finally(() => 3), dish.then(() => 4)]);
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

keep(chain(), guarded(), shared(), caller(), adopted(), passedOn(), both());
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
shared 22:3
  all
    then (anonymous) 22:32
      cook 5:3
        ? (its resolver is in opened[])
    catch (anonymous) 22:53
      cook 5:3
        ? (its resolver is in opened[])
    finally (anonymous) 22:76
      cook 5:3
        ? (its resolver is in opened[])
    then (anonymous) 22:96
      cook 5:3
        ? (its resolver is in opened[])
caller 28:3
  cook 5:3
    ? (its resolver is in opened[])
adopted 31:3
  cook 5:3
    ? (its resolver is in opened[])
passedOn 36:3
  cook 5:3
    ? (its resolver is in opened[])
both 41:3
  settled by
    cook 5:3
      ? (its resolver is in opened[])
    ? (its resolver is in opened[])
*/
