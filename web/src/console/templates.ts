// What a new voice agent may begin as.

import type { Schema } from "../api/client";

/** A beginning. */
export interface Template {
  name: "reminder_en" | "reminder_zh" | "menu_en" | "menu_zh";
  definition: Schema<"AgentDocument">;
}

export const TEMPLATES: readonly Template[] = [
  {
    name: "reminder_en",
    definition: {
      language: "en",
      greeting: "Hello ${name}, this is Harbor Clinic. Can you come on Tuesday at ten? Please say yes or no.",
      replies: [
        { words: ["yes", "sure", "that works"], keys: ["1"], say: "Great, see you on Tuesday.", then: "hang_up" },
        { words: ["no", "cannot"], keys: ["2"], say: "No problem, we will call again.", then: "hang_up" },
        { words: ["repeat", "again"], keys: ["9"], say: "Tuesday at ten. Yes or no?", then: "stay" },
      ],
      no_input: "Are you still there? Please say yes or no.",
      no_match: "Sorry, I did not get that. Please say yes or no.",
      goodbye: "Goodbye.",
    },
  },
  {
    name: "reminder_zh",
    definition: {
      language: "zh",
      greeting: "您好，${name}，这里是海港诊所。您周二上午十点能来吗？请说可以或不行。",
      replies: [
        { words: ["可以", "好的", "没问题"], keys: ["1"], say: "好的，周二见。", then: "hang_up" },
        { words: ["不行", "不能"], keys: ["2"], say: "没关系，我们会再联系您。", then: "hang_up" },
        { words: ["再说一遍"], keys: ["9"], say: "周二上午十点，可以吗？", then: "stay" },
      ],
      no_input: "请问您还在吗？请说可以或不行。",
      no_match: "抱歉，我没有听清。请说可以或不行。",
      goodbye: "再见。",
    },
  },
  {
    name: "menu_en",
    definition: {
      language: "en",
      greeting: "Welcome to Harbor Clinic.",
      start: "menu",
      greeting_interruptible: true,
      interruptible: true,
      welcome_delay_second: 0,
      variables: {},
      steps: {
        menu: {
          say: "For appointments press one. For a person press zero.",
          answers: [
            { words: ["appointment"], keys: ["1"], then: { step: "hours" } },
            { words: ["person", "help"], keys: ["0"], then: { transfer: "front desk" } },
          ],
        },
        hours: { say: "We are open from nine to five. Goodbye.", then: "hang_up" },
      },
    },
  },
  {
    name: "menu_zh",
    definition: {
      language: "zh",
      greeting: "欢迎致电海港诊所。",
      start: "menu",
      greeting_interruptible: true,
      interruptible: true,
      welcome_delay_second: 0,
      variables: {},
      steps: {
        menu: {
          say: "预约请按一，人工服务请按零。",
          answers: [
            { words: ["预约"], keys: ["1"], then: { step: "hours" } },
            { words: ["人工"], keys: ["0"], then: { transfer: "front desk" } },
          ],
        },
        hours: { say: "我们的工作时间是上午九点到下午五点。再见。", then: "hang_up" },
      },
    },
  },
];
