"use strict";
const TEXTS = {
  en: {
    title: "Set up Switchboard",
    intro: "This makes the first operator's token, an instance and a credential. The link works once.",
    name: "Name of the first instance",
    go: "Finish set-up",
    once: "Copy these now. They are shown only once.",
    copy: "Copy",
    token: "Operator's token",
    instance: "SdkAppId",
    secret_id: "SecretId",
    secret_key: "SecretKey",
    no_token: "The link is not complete. For a new one run: switchboard setup-link",
    unreachable: "The server does not answer.",
  },
  zh: {
    title: "初始化 Switchboard",
    intro: "这里会生成第一个管理员令牌、一个应用实例和一对密钥。链接只能使用一次。",
    name: "第一个应用实例的名称",
    go: "完成初始化",
    once: "请立即复制保存，以下内容只显示一次。",
    copy: "复制",
    token: "管理员令牌",
    instance: "SdkAppId",
    secret_id: "SecretId",
    secret_key: "SecretKey",
    no_token: "链接不完整。请运行 switchboard setup-link 获取新链接。",
    unreachable: "服务器没有响应。",
  },
};
let texts = TEXTS.en;
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const find = (id) => document.getElementById(id);

function speak(language) {
  texts = TEXTS[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = texts[element.dataset.text];
  }
}

function make(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function copyButton(text) {
  const button = make("button", texts.copy);
  button.type = "button";
  button.addEventListener("click", () => navigator.clipboard.writeText(text));
  return button;
}

function show(made) {
  find("form").hidden = true;
  for (const key of ["token", "instance", "secret_id", "secret_key"]) {
    find("keys").append(make("dt", texts[key]), make("dd", made[key]));
  }
  for (const snippet of made.snippets) {
    find("snippets").append(make("h2", snippet.title), make("pre", snippet.text), copyButton(snippet.text));
  }
  find("done").hidden = false;
}

async function finish(event) {
  event.preventDefault();
  find("problem").textContent = "";
  find("go").disabled = true;
  try {
    const answer = await fetch("/setup", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, instance_name: find("name").value }),
    });
    const body = await answer.json();
    if (answer.ok) show(body);
    else find("problem").textContent = body.detail;
  } catch {
    find("problem").textContent = texts.unreachable;
  }
  find("go").disabled = false;
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => speak(button.dataset.language));
}
speak(navigator.language.startsWith("zh") ? "zh" : "en");
find("name").value = "first";
find("form").addEventListener("submit", finish);
if (!token) find("problem").textContent = texts.no_token;
