// CommonJS: the wrapper around a module moves no column.
const { gate, keep, ready } = globalThis.gates;

async function cook() {
  await gate();
}
exports.serve = async function () {
  await cook();
};

keep(exports.serve());
ready();

/* shows:
(anonymous) 8:3
  cook 5:3
    ? (its resolver is in opened[])
*/
