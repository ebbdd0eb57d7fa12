// As a bundler leaves it: one line, one letter a name.
import { gate as g, keep as k, ready as r } from './gates.mjs';
async function t(e) {
  await g();
}
let n;
const o = [];
async function a(e) {
  const i = await Promise.all([t(e), t(e)]);
  return i;
}
async function s() {
  await new Promise((e) => {
    ((n = e), o.push(n));
  });
}
const c = () => a(1).then((e) => e.length),
  u = async () => {
    await c();
  };
k(
  u(),
  s(),
  setTimeout(() => {
    o.length > n.length / 2 && o.pop();
  }, 1e8),
);
r();

/* shows:
s 13:3
  settled by
    a timer, hours left 27 to 27
    ? (its resolver is in o[])
u 19:5
  then (anonymous) 17:27
    a 9:13
      all
        t 4:3 × 2
          ? (its resolver is in opened[])
*/
