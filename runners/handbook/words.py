"""Every fixed word of the handbook in the four languages, in one place: key to texts in the order of ``TAGS``.

Parts of sentences stand in :mod:`runners.handbook.spoken_words`.

``{…}`` are places for other texts. A test holds that every language has the same ones.
"""

# ruff: noqa: RUF001 - the full-width signs are those of Chinese
from collections.abc import Mapping
from typing import Final

from runners.handbook.spoken_words import CLOCK, SPEECH

TAGS: Final = ("en", "zh-Hans", "zh-Hant", "ko")
"""The languages that there are words in."""

NAMES: Final[Mapping[str, str]] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ko": "한국어"}
"""What each language calls itself."""

_PAGES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "handbook": ("Handbook", "操作手册", "操作手冊", "업무 매뉴얼"),
    "procedures": ("Procedures", "标准操作流程", "標準作業流程", "표준 업무 절차"),
    "roles": ("Roles", "岗位角色", "職務角色", "역할"),
    "kpis": ("KPIs", "KPI指标", "KPI指標", "KPI"),
    "languages": ("Languages", "语言", "語言", "언어"),
    "skip": ("Skip to the content", "跳到正文", "跳到正文", "본문으로 건너뛰기"),
    "contents": ("On this page", "本页内容", "本頁內容", "이 페이지의 내용"),
    "pages": ("Pages of the handbook", "手册页面", "手冊頁面", "매뉴얼 페이지"),
    "other_area": ("Further procedures", "其他流程", "其他流程", "기타 절차"),
    "index_lead": (
        "How the work is done here: {count} procedures, each with its steps, who does them, and what is recorded. {run}",
        "本手册说明工作如何开展：共{count}个流程，逐一列出步骤、负责人和需要记录的内容。{run}",
        "本手冊說明工作如何進行：共{count}個流程，逐一列出步驟、負責人與須記錄的內容。{run}",
        "업무 진행 방법을 설명합니다. 총 {count}개 절차의 단계와 담당자, 기록할 내용을 담았습니다. {run}",
    ),
    "a_run": (
        "Each time that somebody goes through a procedure is a run of it.",
        "流程每启动一次，即为一次执行。",
        "流程每啟動一次，即為一次執行。",
        "절차를 한 번 진행하는 것을 진행 건이라고 합니다.",
    ),
    "roles_lead": (
        "Who does what, over all procedures.", "各角色在所有流程中的职责。", "各角色在所有流程中的職責。",
        "전체 절차에서 누가 무엇을 하는지 정리했습니다.",
    ),
    "kpis_lead": (
        "The figures that the procedures are judged by. {run}", "衡量各流程成效的指标。{run}", "衡量各流程成效的指標。{run}",
        "각 절차의 성과를 판단하는 지표입니다. {run}",
    ),
    "procedure": ("Procedure", "流程", "流程", "절차"),
    "purpose": ("Purpose", "目的", "目的", "목적"),
    "scope": ("Scope", "适用范围", "適用範圍", "적용 범위"),
    "version": ("Version", "版本", "版本", "버전"),
    "command_name": ("Name in commands", "命令中的名称", "指令中的名稱", "명령에서 쓰는 이름"),
    "owner": ("Owner", "负责人", "負責人", "책임자"),
    "review_every": ("Reviewed every", "复审周期", "複審週期", "검토 주기"),
    "who": ("Who takes part", "参与角色", "參與角色", "참여 역할"),
    "does": ("Does", "负责步骤", "負責步驟", "담당 단계"),
    "role": ("Role", "角色", "角色", "역할"),
    "duties": ("Duties", "职责", "職責", "업무"),
    "external": ("Outside the team", "团队外部", "團隊外部", "팀 외부"),
    "no_steps": ("no step of its own", "无固定步骤", "無固定步驟", "고정 단계 없음"),
    "leads": ("owns the procedure and leads its runs", "流程负责人，主持执行", "流程負責人，主持執行", "절차 책임자로 진행을 이끎"),
    "told_when_late": ("is told when it is late", "逾期时收到通知", "逾期時收到通知", "기한 초과 시 통보받음"),
    "separate": ("Never the same person", "不得由同一人承担", "不得由同一人承擔", "같은 사람이 맡을 수 없음"),
    "separate_lead": (
        "Whoever does one of these steps does none of the others in its line.",
        "同一行中的步骤，任何人只能承担其中之一。", "同一行中的步驟，任何人只能承擔其中之一。",
        "같은 줄에 있는 단계는 한 사람이 하나만 맡습니다.",
    ),
    "at_start": ("What is asked at the start", "启动时填写", "啟動時填寫", "시작할 때 입력하는 내용"),
    "schedule": ("When it starts by itself", "自动启动时间", "自動啟動時間", "자동 시작 시점"),
    "diagram": ("The way of the work", "流程图", "流程圖", "흐름도"),
    "diagram_of": ("Diagram: {title}", "流程图：{title}", "流程圖：{title}", "흐름도: {title}"),
    "diagram_alt": (
        "Steps from top to bottom; what happens at the same time stands side by side. The table of steps says the same in words.",
        "步骤自上而下排列，同时进行的内容并排显示。步骤表以文字说明相同内容。",
        "步驟由上而下排列，同時進行的內容並排顯示。步驟表以文字說明相同內容。",
        "단계는 위에서 아래로, 동시에 진행되는 것은 나란히 표시합니다. 단계 표에 같은 내용이 글로 있습니다.",
    ),
    "overview": ("All steps", "步骤总览", "步驟總覽", "전체 단계"),
    "number": ("No.", "序号", "序號", "번호"),
    "step": ("Step", "步骤", "步驟", "단계"),
    "by": ("Who", "由谁", "由誰", "담당"),
    "due": ("Due", "期限", "期限", "기한"),
    "goes_on": ("What comes next", "后续去向", "後續去向", "다음 진행"),
    "details": ("Step by step", "步骤详解", "步驟詳解", "단계별 설명"),
    "kind": ("Kind", "类型", "類型", "종류"),
    "only_if": ("Only if", "执行条件", "執行條件", "진행 조건"),
    "while": ("Only while", "仅当以下条件成立期间", "僅當以下條件成立期間", "다음 조건이 유지되는 동안만"),
    "remind": ("Reminder", "提醒", "提醒", "알림"),
    "escalate": ("When late", "逾期时", "逾期時", "기한 초과 시"),
    "source": ("Source", "来源", "來源", "출처"),
    "form": ("What is recorded", "填写内容", "填寫內容", "기록할 내용"),
    "field": ("Field", "字段", "欄位", "항목"),
    "answer": ("Answer", "填写方式", "填寫方式", "입력 형식"),
    "required": ("Required", "必填", "必填", "필수"),
    "help": ("Help", "说明", "說明", "설명"),
    "outcomes": ("How it ends", "结果选项", "結果選項", "결과"),
    "outcome": ("Outcome", "结果", "結果", "결과"),
    "note": ("Note", "备注", "備註", "비고"),
    "settings": ("Settings", "可调参数", "可調參數", "설정값"),
    "settings_lead": (
        "Numbers and names that a team may set for itself when it starts.", "团队启动流程时可自行调整的数值。",
        "團隊啟動流程時可自行調整的數值。", "팀이 절차를 시작할 때 직접 정할 수 있는 값입니다.",
    ),
    "setting": ("Setting", "参数", "參數", "설정"),
    "value": ("Value", "取值", "取值", "값"),
    "signals": ("What it can wait for", "可等待的外部信号", "可等待的外部訊號", "기다릴 수 있는 외부 신호"),
    "permissions": ("Who else may", "其他授权", "其他授權", "추가 권한"),
    "kpi": ("KPI", "指标", "指標", "지표"),
    "target": ("Target", "目标", "目標", "목표"),
    "unit": ("Unit", "单位", "單位", "단위"),
    "period": ("Period", "统计周期", "統計週期", "집계 기간"),
    "measured": ("Comes from", "数据来自", "數據來自", "값의 출처"),
    "outside": ("measured outside", "在系统外统计", "在系統外統計", "외부에서 측정"),
    "results": ("What it hands back", "返回结果", "回傳結果", "돌려주는 결과"),
    "references": ("Related procedures", "相关流程", "相關流程", "관련 절차"),
    "refers": ("Refers to", "引用", "引用", "참조"),
    "starts": ("Starts", "启动", "啟動", "시작하는 절차"),
    "hands_on": ("Hands over", "传入内容", "傳入內容", "넘겨주는 값"),
    "started_by": ("Is started by", "由以下流程启动", "由以下流程啟動", "이 절차를 시작하는 절차"),
    "referred_by": ("Is referred to by", "被以下流程引用", "被以下流程引用", "이 절차를 참조하는 절차"),
    "sources": ("Sources", "资料来源", "資料來源", "출처"),
    "history": ("Versions", "版本记录", "版本紀錄", "버전 이력"),
    "when": ("When", "时间", "時間", "일시"),
    "published_by": ("Published by", "发布人", "發布人", "게시자"),
    "why": ("Why", "原因", "原因", "사유"),
    "taken_out": ("taken out of use {when}: {why}", "{when}停用：{why}", "{when}停用：{why}", "{when} 사용 중지: {why}"),
    "this_file": (
        "Version {version}, as it stands in its file.", "版本{version}，以文件内容为准。", "版本{version}，以檔案內容為準。",
        "버전 {version}, 파일에 있는 내용 그대로입니다.",
    ),
    "yes": ("yes", "是", "是", "예"),
    "no": ("no", "否", "否", "아니요"),
}  # fmt: skip

_STEPS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "task": ("Task", "任务", "任務", "작업"),
    "approval": ("Approval", "审批", "審批", "승인"),
    "decide": ("Decision", "自动判断", "自動判斷", "자동 판단"),
    "parallel": ("At the same time", "同时进行", "同時進行", "동시 진행"),
    "first": ("Whichever comes first", "先到者为准", "先到者為準", "먼저 되는 쪽"),
    "for_each": ("For each", "逐项", "逐項", "항목마다"),
    "run": ("Another procedure", "其他流程", "其他流程", "다른 절차"),
    "wait": ("Wait", "等待", "等待", "대기"),
    "start": ("Start", "开始", "開始", "시작"),
    "end": ("End", "结束", "結束", "종료"),
    "end_named": ("End: {name}", "结束：{name}", "結束：{name}", "종료: {name}"),
    "leaves": ("This part ends", "本分支结束", "本分支結束", "이 부분 종료"),
    "go_to": ("Go to {step}", "转到 {step}", "轉到 {step}", "{step}(으)로 이동"),
    "back_to": ("Back to {step}", "退回 {step}", "退回 {step}", "{step}(으)로 되돌아감"),
    "again": ("Once more", "重新执行本步骤", "重新執行本步驟", "이 단계 다시 진행"),
    "at_most": ("at most {n} times", "最多{n}次", "最多{n}次", "최대 {n}회"),
    "spent": ("When that is used up", "次数用完后", "次數用完後", "횟수를 모두 쓴 뒤"),
    "done": ("Done", "完成", "完成", "완료"),
    "approve": ("Approve", "通过", "通過", "승인"),
    "reject": ("Reject", "驳回", "駁回", "반려"),
    "otherwise": ("Otherwise", "其他情况", "其他情況", "그 밖의 경우"),
    "reason_needed": ("a reason must be given", "须填写原因", "須填寫原因", "사유 필수"),
    "refused_unless": ("only if {condition}", "条件：{condition}", "條件：{condition}", "조건: {condition}"),
    "cancels": ("ends {part}", "终止{part}", "終止{part}", "{part} 종료"),
    "all_join": ("when all are done", "全部完成后继续", "全部完成後繼續", "모두 끝나면 계속"),
    "any_join": ("when the first is done", "任一完成即继续", "任一完成即繼續", "하나가 끝나면 계속"),
    "some_join": ("when {n} are done", "完成{n}项后继续", "完成{n}項後繼續", "{n}개가 끝나면 계속"),
    "rest_goes_on": ("the rest goes on", "其余继续进行", "其餘繼續進行", "나머지는 계속 진행"),
    "rest_ends": ("the rest ends", "其余终止", "其餘終止", "나머지는 종료"),
    "each_of": ("Once for each entry of {items}", "针对{items}逐条进行", "針對{items}逐筆進行", "{items}의 항목마다"),
    "one_at_a_time": ("one at a time", "逐个进行", "逐個進行", "한 번에 하나씩"),
    "open_list": ("items can be added", "可追加项目", "可追加項目", "항목 추가 가능"),
    "runs_sop": ("Starts the procedure {sop}", "启动流程{sop}", "啟動流程{sop}", "절차 {sop} 시작"),
    "not_waited": ("and does not wait for it", "，不等待其结束", "，不等待其結束", "(끝날 때까지 기다리지 않음)"),
    "waits_signal": ("Waits for: {what}", "等待：{what}", "等待：{what}", "대기: {what}"),
    "waits_for": ("Waits {time}", "等待{time}", "等待{time}", "{time} 대기"),
    "waits_until": ("Waits until {time}", "等待至{time}", "等待至{time}", "{time}까지 대기"),
    "approves": ("Decides about {steps}", "审批对象：{steps}", "審批對象：{steps}", "승인 대상: {steps}"),
    "quorum": ("{n} people must agree", "须{n}人同意", "須{n}人同意", "{n}명 동의 필요"),
    "same_as": ("whoever did {step}", "由完成{step}的人承担", "由完成{step}的人承擔", "{step}을(를) 한 사람"),
    "as_drill": ("as a drill", "作为演练", "作為演練", "훈련으로 진행"),
    "not_from_field": (
        "not the person named in {field}", "{field}中指定的人不得承担", "{field}中指定的人不得承擔", "{field}에 지정된 사람 제외",
    ),
    "from_field": ("the person named in {field}", "由{field}中指定的人承担", "由{field}中指定的人承擔", "{field}에 지정된 사람"),
    "lead_of_run": ("the lead of the run", "本次执行的主持人", "本次執行的主持人", "진행 책임자"),
    "lead_of": ("whoever leads the person who did {step}", "完成{step}者的上级", "完成{step}者的主管", "{step} 담당자의 상급자"),
    "skilled": ("with the skill {skill}", "须具备技能：{skill}", "須具備技能：{skill}", "필요 역량: {skill}"),
    "section": (
        "one at a time over all runs ({name})", "所有执行中同时只能有一项（{name}）", "所有執行中同時只能有一項（{name}）",
        "전체 진행 중 한 번에 하나만 ({name})",
    ),
    "assign_offer": ("offered to everybody of the role", "提供给该角色全体", "提供給該角色全體", "역할 전원에게 제안"),
    "assign_round_robin": ("given out in turn", "轮流分配", "輪流分配", "순번대로 배정"),
    "assign_least_loaded": (
        "given to who has least to do", "分配给任务最少者", "分配給任務最少者", "업무가 가장 적은 사람에게 배정",
    ),
    "assign_random": ("given out by lot", "随机分配", "隨機分配", "무작위 배정"),
    "assign_familiar": ("given to who did the last one", "分配给上次负责人", "分配給上次負責人", "지난번 담당자에게 배정"),
    "tells": (
        "{role} is told {time} after the due time", "逾期{time}后通知{role}", "逾期{time}後通知{role}",
        "기한 {time} 후 {role}에게 통보",
    ),
    "tells_at_once": ("{role} is told at the due time", "到期时通知{role}", "到期時通知{role}", "기한이 되면 {role}에게 통보"),
    "act_start": ("start it", "启动", "啟動", "시작"),
    "act_read": ("read it", "查看", "查看", "열람"),
    "act_skip": ("leave steps out", "跳过步骤", "略過步驟", "단계 건너뛰기"),
    "act_rewind": ("go back to an earlier step", "退回之前的步骤", "退回先前的步驟", "이전 단계로 되돌리기"),
    "act_suspend": ("suspend it", "暂停", "暫停", "일시 중지"),
    "act_reopen": ("open it again", "重新打开", "重新開啟", "다시 열기"),
    "act_correct": ("correct what was recorded", "更正记录", "更正紀錄", "기록 정정"),
    "act_override": ("override a rule", "破例处理", "破例處理", "규칙 예외 처리"),
    "act_signal": ("send it a signal", "发送信号", "發送訊號", "신호 보내기"),
    "act_assign": ("give tasks to people", "分配任务", "分派任務", "작업 배정"),
    "act_cancel": ("cancel it", "取消", "取消", "취소"),
    "sure_seed": ("from the source documents", "来自原始文件", "來自原始文件", "원본 문서"),
    "sure_seed_reconstructed": ("source documents, mended", "原始文件（经修正）", "原始文件（經修正）", "원본 문서(보정)"),
    "sure_public": ("public practice", "公开惯例", "公開慣例", "공개 사례"),
    "sure_practitioner": ("practitioners' habit", "从业者经验", "從業者經驗", "실무 관행"),
    "sure_inference": ("our own estimate", "自行推断", "自行推斷", "자체 추정"),
    "sure_team": ("set by the team", "团队设定", "團隊設定", "팀 설정"),
}  # fmt: skip


SOURCES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "length": ("the length", "时长", "時間長度", "기간"),
    "target": ("the target", "目标值", "目標值", "목표값"),
    "figure": ("the figure", "数值", "數值", "수치"),
    "hour": ("the hour", "钟点", "鐘點", "시각"),
    "day": ("the days", "天数", "天數", "일수"),
    "threshold": ("the threshold", "阈值", "門檻值", "기준값"),
    "scale": ("the scale", "等级划分", "等級劃分", "척도"),
    "practitioner": ("practitioners", "从业者", "從業者", "실무자"),
    "reconstructed": ("mended", "经修正", "經修正", "보정"),
}


UNITS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "s": ("seconds", "秒", "秒", "초"),
    "min": ("minutes", "分钟", "分鐘", "분"),
    "h": ("hours", "小时", "小時", "시간"),
    "days": ("days", "天", "天", "일"),
    "business days": ("business days", "个工作日", "個工作日", "영업일"),
    "months": ("months", "个月", "個月", "개월"),
    "followers": ("followers", "粉丝", "粉絲", "팔로워"),
    "people": ("people", "人", "人", "명"),
    "posts": ("posts", "条", "則", "건"),
    "points": ("points", "分", "分", "점"),
    "reports": ("reports", "条", "則", "건"),
    "mentions": ("mentions", "次提及", "次提及", "건"),
    "mentions/h": ("mentions per hour", "次提及/小时", "次提及/小時", "건/시간"),
    "events": ("events", "场活动", "場活動", "회"),
    "slots": ("slots", "个档期", "個檔期", "개"),
    "rounds": ("rounds", "轮", "輪", "회"),
    "replies": ("replies", "条回复", "則回覆", "건"),
    "messages": ("messages", "条消息", "則訊息", "건"),
    "exercises": ("exercises", "次演练", "次演練", "회"),
    "checks": ("checks", "次检查", "次檢查", "회"),
    "articles": ("articles", "篇文章", "篇文章", "건"),
}
"""What figures are usually counted in; other units stay what the definition says."""


def _gathered() -> dict[str, tuple[str, str, str, str]]:
    found: dict[str, tuple[str, str, str, str]] = {}
    for prefix, part in (
        ("", _PAGES),
        ("step.", _STEPS),
        ("source.", SOURCES),
        ("unit.", UNITS),
        ("say.", SPEECH),
        ("clock.", CLOCK),
    ):
        found |= {prefix + key: texts for key, texts in part.items()}
    return found


WORDS: Final[Mapping[str, tuple[str, str, str, str]]] = _gathered()
"""Key to texts. Words about steps begin with ``step.``, parts of sentences with ``say.``, about schedules with ``clock.``."""


def word(tag: str, key: str, /, **places: object) -> str:
    """The words of *key* in the language *tag*, one of ``TAGS``, with its places filled."""
    text = WORDS[key][TAGS.index(tag)]
    return text.format_map({name: str(value) for name, value in places.items()}) if places else text
