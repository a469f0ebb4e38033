// What the widget says. The type makes both languages complete.

const en = {
  open: "Chat with us",
  close: "Close the chat",
  title: "Chat",
  bot: "AI assistant",
  person: "Person",
  you: "You",
  writing: "is writing…",
  hint: "Write a message",
  send: "Send",
  attach: "Send a file",
  files: "Pictures, PDF, text or zip, at most {0} MB",
  too_large: "That file is too large: at most {0} MB.",
  bad_type: "That kind of file is not taken.",
  ask_person: "Talk to a person",
  queued: "You are waiting for a person. {0} before you.",
  queued_next: "You are waiting for a person. You are next.",
  offered: "Somebody is being asked…",
  joined: "{0} is with you now.",
  given_back: "The AI assistant goes on.",
  nobody: "Nobody is there at present. Leave a message: we get back to you.",
  contact: "Your e-mail or telephone number",
  word: "Your message",
  leave: "Leave the message",
  left: "Thank you. We get back to you.",
  ended: "The chat has ended.",
  again: "Start a new chat",
  rate: "How was it?",
  stars: "{0} of 5",
  thanks: "Thank you for your opinion.",
  end: "End the chat",
  lost: "No connection. It is tried again by itself.",
  failed: "Not sent.",
  retry: "Try again",
  cut: "(cut short)",
  unavailable: "The chat is not available here: {0}",
  language: "中文",
};

/** Every text of the widget. */
export type Texts = typeof en;

const zh: Texts = {
  open: "在线咨询",
  close: "关闭对话",
  title: "在线咨询",
  bot: "智能助手",
  person: "人工客服",
  you: "您",
  writing: "正在输入……",
  hint: "请输入消息",
  send: "发送",
  attach: "发送文件",
  files: "图片、PDF、文本或 zip，最大 {0} MB",
  too_large: "文件过大：最大 {0} MB。",
  bad_type: "不支持此类文件。",
  ask_person: "转人工",
  queued: "正在等待人工客服，前面还有 {0} 位。",
  queued_next: "正在等待人工客服，下一位就是您。",
  offered: "正在为您联系客服……",
  joined: "{0} 为您服务。",
  given_back: "智能助手继续为您服务。",
  nobody: "目前没有客服在线。请留言，我们会联系您。",
  contact: "您的邮箱或电话",
  word: "留言内容",
  leave: "提交留言",
  left: "谢谢，我们会联系您。",
  ended: "对话已结束。",
  again: "开始新对话",
  rate: "您对服务满意吗？",
  stars: "{0} 分（满分 5 分）",
  thanks: "感谢您的评价。",
  end: "结束对话",
  lost: "连接中断，正在自动重连。",
  failed: "未发送。",
  retry: "重试",
  cut: "（已中断）",
  unavailable: "此处无法使用在线咨询：{0}",
  language: "English",
};

/** The texts of a language tag; English for those that there are no texts for. */
export function textsOf(tag: string): Texts {
  return /^zh\b/i.test(tag) ? zh : en;
}

/** A text with its hole filled. */
export function fill(text: string, value: string | number): string {
  return text.replace("{0}", String(value));
}
