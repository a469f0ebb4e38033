// The vendor's Node SDK: one JSON request a line on stdin, one JSON answer a line on stdout.
//
// A request is {"endpoint", "id", "key", "sign", "method", "action", "fields"}; an answer is
// {"answer": …} or {"code", "message", "requestId"}.

const readline = require("node:readline");
const { ccc } = require("tencentcloud-sdk-nodejs/tencentcloud/services/ccc");

async function answer(ask) {
  const client = new ccc.v20200210.Client({
    credential: { secretId: ask.id, secretKey: ask.key },
    region: "ap-guangzhou",
    profile: {
      signMethod: ask.sign,
      httpProfile: { protocol: "http://", endpoint: ask.endpoint, reqMethod: ask.method },
    },
  });
  try {
    return { answer: await client[ask.action](ask.fields) };
  } catch (error) {
    return { code: error.code, message: error.message, requestId: error.requestId };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line))));
  }
})();
