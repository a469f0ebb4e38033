// Alibaba's official clients for Node: one JSON request a line on stdin, one JSON answer a line on
// stdout. A request is {"client": "node-core" | "node-tea", "endpoint", "key", "secret", "action",
// "fields"}; an answer is {"answer": …} or {"code", "status", "message"}.
//
// There is no package of the outbound robot for Node; its Python package calls this same Tea client
// with these same parameters.

const { createRequire } = require("module");
const readline = require("readline");
const modules = createRequire(process.env.SWITCHBOARD_NODE_ALIYUN + "/package.json");

const VERSION = "2019-12-26";

function core(ask) {
  const { RPCClient } = modules("@alicloud/pop-core");
  const client = new RPCClient({
    accessKeyId: ask.key,
    accessKeySecret: ask.secret,
    endpoint: `http://${ask.endpoint}`,
    apiVersion: VERSION,
  });
  return client.request(ask.action, ask.fields, { method: "POST" });
}

async function tea(ask) {
  const OpenApi = modules("@alicloud/openapi-client");
  const OpenApiUtil = modules("@alicloud/openapi-util").default;
  const Util = modules("@alicloud/tea-util");
  const config = new OpenApi.Config({
    accessKeyId: ask.key,
    accessKeySecret: ask.secret,
    regionId: "cn-shanghai",
    endpoint: ask.endpoint,
    protocol: "http",
  });
  const params = new OpenApi.Params({
    action: ask.action,
    version: VERSION,
    protocol: "HTTP",
    method: "POST",
    authType: "AK",
    style: "RPC",
    pathname: "/",
    reqBodyType: "formData",
    bodyType: "json",
  });
  const request = new OpenApi.OpenApiRequest({ query: OpenApiUtil.query(ask.fields) });
  const answer = await new OpenApi.default(config).callApi(params, request, new Util.RuntimeOptions({}));
  return answer.body;
}

async function answer(line) {
  const ask = JSON.parse(line);
  try {
    return { answer: await { "node-core": core, "node-tea": tea }[ask.client](ask) };
  } catch (error) {
    const data = error.data || {};
    return {
      code: error.code,
      status: data.statusCode || data.HttpStatusCode || error.statusCode || null,
      message: error.message,
    };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(line)));
  }
})();
