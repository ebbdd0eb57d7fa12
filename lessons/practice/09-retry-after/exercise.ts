// The API is busy. It answers 503 and says in the header Retry-After how many seconds to stay away. A client
// that asks again at once makes a busy server busier, and may be shut out.
//
// What is wanted: `askAgain` asks until the status is not 503, three times at most, and fulfils with the last
// answer. After a 503 it waits as long as the header says, and not noticeably longer. Other answers are not
// asked for again.
export async function askAgain(ask: () => Promise<Response>): Promise<Response> {
  let response = await ask();
  for (let tries = 1; tries < 3 && response.status === 503; tries++) {
    response = await ask();
  }
  return response;
}
