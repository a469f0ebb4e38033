//! First calls with the clouds' own tools, keys filled in.

use model::{Credential, TenantId};

use super::Snippet;

/// A snippet for each tool.
pub(super) fn all(
    public_url: &str,
    credential: &Credential,
    tenant: TenantId,
    agent: i64,
) -> Vec<Snippet> {
    let (scheme, host) = public_url.split_once("://").unwrap_or(("http", public_url));
    let (id, key) = (credential.id.as_str(), credential.secret.as_str());
    vec![
        Snippet {
            title: "Python",
            text: python(scheme, host, id, key, tenant, agent),
        },
        Snippet {
            title: "Node.js",
            text: node(scheme, host, id, key, tenant, agent),
        },
        Snippet {
            title: "tccli",
            text: tccli(public_url, id, key, tenant, agent),
        },
    ]
}

fn python(scheme: &str, host: &str, id: &str, key: &str, tenant: TenantId, agent: i64) -> String {
    format!(
        r#"# pip install tencentcloud-sdk-python-ccc
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ccc.v20200210 import ccc_client, models

here = ClientProfile(httpProfile=HttpProfile(protocol="{scheme}", endpoint="{host}"))
ccc = ccc_client.CccClient(credential.Credential("{id}", "{key}"), "", here)

call = models.CreateAIAgentCallRequest()
call.SdkAppId, call.AIAgentId, call.Callee = {tenant}, {agent}, "0012025550101"
print(ccc.CreateAIAgentCall(call).SessionId)
"#
    )
}

fn node(scheme: &str, host: &str, id: &str, key: &str, tenant: TenantId, agent: i64) -> String {
    format!(
        r#"// npm install tencentcloud-sdk-nodejs
const {{ ccc }} = require("tencentcloud-sdk-nodejs");
const client = new ccc.v20200210.Client({{
  credential: {{ secretId: "{id}", secretKey: "{key}" }},
  region: "",
  profile: {{ httpProfile: {{ protocol: "{scheme}://", endpoint: "{host}" }} }},
}});
client
  .CreateAIAgentCall({{ SdkAppId: {tenant}, AIAgentId: {agent}, Callee: "0012025550101" }})
  .then((answer) => console.log(answer.SessionId));
"#
    )
}

fn tccli(public_url: &str, id: &str, key: &str, tenant: TenantId, agent: i64) -> String {
    format!(
        "# pip install tccli\n\
         export TENCENTCLOUD_SECRET_ID={id} TENCENTCLOUD_SECRET_KEY={key} TENCENTCLOUD_REGION=ap-guangzhou\n\
         tccli ccc CreateAIAgentCall --endpoint {public_url} --SdkAppId {tenant} --AIAgentId {agent} --Callee 0012025550101\n"
    )
}
