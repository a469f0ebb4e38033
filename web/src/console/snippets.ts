// First calls with the clouds' own tools, keys filled in. Pure text.

/** What a snippet needs to know. */
export interface KeyFacts {
  origin: string;
  secretId: string;
  secretKey: string;
  instance: number;
  agent: number;
}

/** Tools that a first call is written for. */
export const KEY_TOOLS = ["python", "node", "tccli", "curl"] as const;

/** The first call, for one tool. */
export function firstCall(tool: (typeof KEY_TOOLS)[number], facts: KeyFacts): string {
  const { protocol, host } = new URL(facts.origin);
  const { secretId, secretKey, instance, agent } = facts;
  switch (tool) {
    case "python":
      return `# pip install tencentcloud-sdk-python-ccc
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ccc.v20200210 import ccc_client, models

here = ClientProfile(httpProfile=HttpProfile(protocol="${protocol.replace(":", "")}", endpoint="${host}"))
ccc = ccc_client.CccClient(credential.Credential("${secretId}", "${secretKey}"), "", here)

call = models.CreateAIAgentCallRequest()
call.SdkAppId, call.AIAgentId, call.Callee = ${instance}, ${agent}, "0012025550101"
print(ccc.CreateAIAgentCall(call).SessionId)`;
    case "node":
      return `// npm install tencentcloud-sdk-nodejs
const { ccc } = require("tencentcloud-sdk-nodejs");
const client = new ccc.v20200210.Client({
  credential: { secretId: "${secretId}", secretKey: "${secretKey}" },
  region: "",
  profile: { httpProfile: { protocol: "${protocol}//", endpoint: "${host}" } },
});
client
  .CreateAIAgentCall({ SdkAppId: ${instance}, AIAgentId: ${agent}, Callee: "0012025550101" })
  .then((answer) => console.log(answer.SessionId));`;
    case "tccli":
      return `# pip install tccli
export TENCENTCLOUD_SECRET_ID=${secretId} TENCENTCLOUD_SECRET_KEY=${secretKey} TENCENTCLOUD_REGION=ap-guangzhou
tccli ccc CreateAIAgentCall --endpoint ${facts.origin} --SdkAppId ${instance} --AIAgentId ${agent} --Callee 0012025550101`;
    case "curl":
      return `# The native API takes a token (see above).
curl -X POST '${facts.origin}/api/v1/calls' \\
  -H "Authorization: Bearer $SWITCHBOARD_TOKEN" -H 'Content-Type: application/json' \\
  -d '{"voice_agent": ${agent}, "callee": "+12025550101"}'`;
  }
}
