"""What people ask in other languages about words, signs, computers, school, work and nature: honest talk of all kinds.

Public collections have attacks in many languages and hardly an honest prompt in them; without these a head learns that
Chinese is an attack. Each language has ``talk``, and words for it: ``noun``, ``task``, ``topic``.
"""

from detectors.training.text.families.grammar import rules

TALK = rules(
    r"""
@zh_noun |
水 | 火 | 山 | 心 | 家 | 门 | 窗 | 手 | 口 | 天 | 地 | 人 | 花 | 月 | 日 | 雨 | 云 | 声 | 光 | 色 | 石 | 木 | 米 | \
茶 | 书 | 笔 | 字 | 词 | 句 | 画 | 线 | 点 | 面 | 气 | 力 | 车 | 路 | 桥 | 城 | 村 | 田 | 河 | 海 | 鸟 | 鱼 | 马 | \
牛 | 羊 | 猫 | 狗 | 衣 | 食 | 住 | 行 | 左 | 右 | 上 | 下 | 前 | 后 | 东 | 西 | 南 | 北 | 春 | 夏 | 秋 | 冬 | 红 | \
白 | 黑 | 绿 | 蓝 | 金 | 银 | 钱 | 法 | 理 | 情 | 思 | 想 | 知 | 学 | 习 | 问 | 答 | 说 | 话 | 语 | 读 | 写 | 看 | \
听 | 走 | 跑 | 开 | 关 | 来 | 去 | 大 | 小 | 多 | 少 | 高 | 低 | 新 | 旧 | 好 | 坏 | 真 | 假 | 满 | 轻 | 重 | 快 | \
慢 | 断 | 令 | 命 | 权 | 限 | 密 | 钥 | 锁
@zh_topic |
这首诗 | 这段话 | 这个标志 | 这个符号 | 民族服饰 | 茶叶种类 | 中国书法 | 网络安全 | 电脑系统 | 操作系统 | 系统更新 |\
 系统设置 | 账户安全 | 密码管理 | 输入法 | 键盘快捷键 | 文件管理 | 数据备份 | 数据库设计 | 编程语言 | 人工智能 | \
机器学习 | 提示词写作 | 使用说明书 | 安装步骤 | 操作流程 | 课程安排 | 作业要求 | 考试复习 | 数学题 | 几何证明 | \
物理实验 | 化学反应 | 生物多样性 | 传统节日 | 春节习俗 | 成语故事 | 文言文 | 唐诗宋词 | 历史事件 | 地理知识 | \
天气预报 | 健康饮食 | 睡眠质量 | 锻炼计划 | 心理健康 | 旅行路线 | 交通规则 | 租房合同 | 求职面试 | 简历修改 | \
会议记录 | 项目计划 | 市场调查 | 客户服务 | 商品评价 | 广告设计 | 品牌故事 | 短视频脚本 | 电影情节 | 小说人物 | \
音乐理论 | 绘画技巧 | 摄影构图 | 园艺知识 | 宠物护理 | 家庭预算 | 税务申报 | 保险条款 | 法律常识 | 环境保护 | \
垃圾分类 | 太阳能 | 供暖系统 | 门禁系统 | 公共交通系统 | 教育制度 | 医疗制度 | 隐私政策 | 用户协议
@zh_task |
整理文件 | 删除旧照片 | 清空回收站 | 重置密码 | 修改密码 | 找回账号 | 注册账户 | 登录邮箱 | 输入数据 | \
输入正确的地址 | 保存文档 | 打印文件 | 更新系统 | 重装系统 | 备份手机 | 设置提醒 | 设置权限 | 关闭通知 | \
忽略警告信息 | 跳过广告 | 隐藏一列 | 显示隐藏文件 | 合并表格 | 排序数据 | 翻译说明书 | 写读后感 | 写通知 | 写请假条 \
| 写感谢信 | 提交作业 | 预习课文 | 背单词 | 准备演讲 | 安排会议 | 制定计划 | 记录支出 | 做番茄炒蛋 | 种番茄 | \
修水管 | 安装灯泡 | 学游泳 | 养多肉植物 | 拍星空 | 观察植物生长 | 申请护照 | 换机油 | 折纸鹤 | 下象棋 | 执行测试 | \
运行脚本 | 调试代码 | 配置路由器 | 检查网络 | 安全地使用公共网络 | 完成剩下的步骤 | 继续上次的练习 | 按顺序操作 | \
保护个人信息
@zh_talk
请[解释|说明|描述|介绍|分析|讨论|总结|概括][一下|]{zh_topic}[的意义|的特点|的历史|的作用|的基本概念|中最重要的部分|\
和{zh_topic}的关系|][，并举例说明|，谢谢|。]
请问[“{zh_noun}”|“{zh_noun}{zh_noun}”]这个[字|词][是什么意思|怎么读|有几画|在古文中怎么用|在生活中有什么用法]？
请用[“{zh_noun}”和“{zh_noun}”|“{zh_noun}”、“{zh_noun}”、“{zh_noun}”|“{zh_topic}”][造一个句子|写一首短诗|\
编一个小故事|写一段话][，要有趣|，不超过五十字|。]
[我想|我需要|我们要|孩子想|同事让我]{zh_task}[，应该怎么做|，有什么建议|，请告诉我步骤|，需要注意什么][？|？谢谢]
[如何|怎样|怎么]{zh_task}[才安全|又快又好|而不出错|]？[要先{zh_task}吗？|]
在[{zh_topic}|电脑上|手机上|课堂上|公司里|家里]，[为什么要|什么时候需要|谁可以|能不能]{zh_task}？
[您|你]能[告诉我|帮我查一下|解释|分享一些]{zh_topic}[方面的信息|的常见问题|的资料|][吗？|吗？越详细越好。]
[写|帮我写|请写|请设计]一[份|篇|段]关于{zh_topic}的[作文|报告|介绍|说明|计划|对话|广告语|问答题][，五百字左右|\
，适合小学生|，语气正式|。]
[把|请把|麻烦把]下面的[句子|段落|数据|说明][翻译成英文|改得更通顺|整理成表格|缩短一半|分成三点]：{zh_topic}[很重要|\
需要改进]，[因为|所以][我们|大家]要{zh_task}。
[比较|请比较]{zh_topic}和{zh_topic}[的不同|，哪个更难|，各有什么优缺点]？
[资料|账单|名单|作业]已经[收到|核对过|打印好]了，[下一步|接下来]是不是{zh_task}？
[先|最好先|周末我们]{zh_task}，[再|然后]{zh_task}[，可以吗？|，麻烦提醒我。|。]
[{zh_noun}{zh_noun}|{zh_topic}]和[🔑|📷|📱|☀️|🎵|🍎|🚲]这个[符号|图标]放在一起[代表什么|好看吗|可以做成海报吗]？
[今天|昨天|明天|最近][天气|心情|工作|学习][很好|一般|不太顺利]，[推荐|给我][一本书|一部电影|一个笑话|\
一首歌]吧，[最好和{zh_topic}有关|什么都行]。
谁[发明了|写了|画了|建了|发现了][电灯|电话|《红楼梦》|《西游记》|长城|故宫|青霉素|造纸术|地铁]？[是哪一年|在哪里]？
[世界上|中国|欧洲|历史上][最高的山|最长的河|最大的湖|人口最多的城市|最早的文字|最快的动物]是什么？[还有呢？|\
请给出处。|]
[一|二|三|五|十]加[二|四|七|九]等于几？[请说明理由。|再出一道类似的题。|]
[我忘了|我不记得|我弄丢了][自己的密码|钥匙|手机|账号][，该找谁|，怎么办|，能补办吗]？
@ja_noun |
水 | 山 | 川 | 空 | 花 | 月 | 道 | 心 | 声 | 光 | 駅 | 店 | 鍵 | 窓 | 机 | 本 | 紙 | 言葉 | 記号 | 番号 | 名前 | \
時間 | 季節 | 料理 | 仕事 | 学校 | 旅 | 夢 | 約束 | 秘密 | 命令 | 指示 | 規則 | 設定 | 画面 | 入力 | 出力
@ja_topic |
この標識 | 日本の歴史 | 俳句 | 敬語 | 漢字 | ことわざ | 光合成 | 二次方程式 | システムの更新 | パスワードの管理 | \
情報セキュリティ | データの保存 | プログラミング | 人工知能 | 取扱説明書 | 履歴書 | 会議の議事録 | 家計簿 | \
確定申告 | 健康診断 | 睡眠 | 筋トレ | 京都観光 | 電車の乗り換え | 犬のしつけ | 観葉植物 | 映画の感想 | \
小説の登場人物 | 利用規約 | 個人情報
@ja_task |
ファイルを整理する | 古い写真を削除する | パスワードを変更する | アカウントを作る | データを入力する | \
警告を無視する | 通知を止める | 隠しファイルを表示する | 表を並べ替える | 作文を書く | お礼の手紙を書く | \
予定を立てる | 味噌汁を作る | 自転車を直す | 英語を覚える | 発表の準備をする | 家を探す | テストを実行する | \
ルーターを設定する | 手順通りに進める
@ja_talk
{ja_topic}[について|の意味を|の例を][説明して|教えて|まとめて|紹介して][ください|いただけますか|ほしいです][。|\
。短くお願いします。]
「{ja_noun}」と「{ja_noun}」[の違いは何ですか|を使って文を作ってください|で俳句を一つ|の読み方を教えて]。
{ja_task}[には|ときは][どうすればいい|何に注意すべき|何が必要]ですか？
[この|次の][文章|表|メール]を[英語に訳して|丁寧に直して|三行に要約して]：{ja_topic}[は大切です|が難しい]。
{ja_task}[前に|後で]{ja_task}[べきですか|必要はありますか]？
[一番高い山|一番長い川|首都|人口]は[どこ|何]ですか？[理由も。|]
{ja_topic}と{ja_topic}[を比べて|の関係を説明して]ください。
[子供向け|初心者向け|上司向け]に{ja_topic}[の資料|のクイズ|の短い話]を作って。
@ko_topic |
한글의 역사 | 속담 | 높임말 | 광합성 | 이차방정식 | 시스템 업데이트 | 비밀번호 관리 | 정보 보안 | 데이터 백업 | \
인공지능 | 프로그래밍 | 사용 설명서 | 이력서 | 회의록 | 가계부 | 연말정산 | 건강 검진 | 수면 | 운동 계획 | 제주도 \
여행 | 지하철 노선 | 강아지 훈련 | 화분 관리 | 영화 감상문 | 소설 속 인물 | 이용 약관 | 개인정보 | 이 표지판 | 숨은 \
그림
@ko_task |
파일을 정리하려면 | 오래된 사진을 삭제하려면 | 비밀번호를 바꾸려면 | 계정을 만들려면 | 데이터를 입력하려면 | 경고를 \
무시하려면 | 알림을 끄려면 | 숨긴 열을 표시하려면 | 표를 정렬하려면 | 편지를 쓰려면 | 김치를 담그려면 | 자전거를 \
고치려면 | 영어를 외우려면 | 발표를 준비하려면 | 공유기를 설정하려면 | 순서대로 진행하려면
@ko_talk
{ko_topic}에 [대해|관해] [설명해|알려|요약해|소개해] [주세요|줄래요|주시겠어요]?
{ko_task} [어떻게 해야 하나요|무엇이 필요한가요|뭘 조심해야 하죠]?
{ko_topic}[과|와] {ko_topic}의 [차이|관계|장단점]은 무엇인가요?
[초등학생|초보자|동료]에게 {ko_topic}을 [설명하는 글|소개하는 글|가르치는 계획]을 써 주세요.
[다음 문장|이 글]을 [영어로 번역|짧게 요약|정중하게 수정]해 주세요: {ko_topic}은 [중요합니다|어렵습니다].
[세계에서|한국에서] [가장 높은 산|가장 긴 강|가장 큰 도시]은 [어디|무엇]인가요? [농담도 하나 해 주세요.|]
""",
    r"""
@es_topic |
la fotosíntesis | el sistema solar | el sistema nervioso | el sistema operativo | las reglas de ortografía | las \
instrucciones del horno | una contraseña segura | la seguridad en internet | la copia de los datos | el contrato de \
alquiler | la inteligencia artificial | la guerra civil | el realismo mágico | el subjuntivo | la dieta \
mediterránea | el presupuesto familiar | la declaración de la renta | el cambio climático | los refranes | la carta \
de motivación
@es_talk
[explícame|resume|describe|compara|háblame de] {es_topic} [y {es_topic}|con ejemplos|para niños|en dos párrafos|].
[¿qué significa|¿de dónde viene|¿cómo se usa] [la palabra|el término|el símbolo] ["clave"|"orden"|"sistema"|"regla"|\
"secreto"|"olvidar"|"ignorar"]?
[¿cómo|¿cuándo|¿por qué] [puedo|debo|conviene] [cambiar mi contraseña|borrar fotos viejas|ignorar un aviso|saltar \
un paso|mostrar columnas ocultas|ordenar la tabla|empezar de nuevo]?
[¿cuál es|dime] [la capital de Perú|el río más largo|la montaña más alta|el autor del Quijote|la raíz de 144]?
[redacta|escribe] [un correo|una carta|un resumen|un cartel] sobre {es_topic} [para mi jefe|para la clase|].
@pt_topic |
a fotossíntese | o sistema solar | o sistema operacional | as regras de acentuação | as instruções da máquina | uma \
senha segura | a segurança na internet | o contrato de aluguel | a inteligência artificial | a bossa nova | o \
subjuntivo | o orçamento da família | o imposto de renda | a mudança climática | os provérbios | a Amazônia
@pt_talk
[explique|resuma|descreva|compare|fale sobre] {pt_topic} [e {pt_topic}|com exemplos|para crianças|em dois parágrafos|].
[o que significa|de onde vem|como se usa] [a palavra|o termo|o símbolo] ["chave"|"ordem"|"sistema"|"regra"|\
"segredo"|"esquecer"|"ignorar"]?
[como|quando|por que] [posso|devo] [mudar minha senha|apagar fotos antigas|ignorar um aviso|pular um passo|mostrar \
colunas ocultas|começar de novo|usar o cartão]?
[qual é|diga] [a capital do Peru|o rio mais longo|a música mais ouvida|o autor de Dom Casmurro|a raiz de 144]?
[escreva|redija] [um e-mail|uma carta|um resumo|um cartaz] sobre {pt_topic} [para meu chefe|para a turma|].
@fr_topic |
la photosynthèse | le système solaire | le système d'exploitation | les règles d'accord | les instructions du four |\
 un mot de passe sûr | la sécurité sur internet | le bail | l'intelligence artificielle | la Révolution | le \
subjonctif | le budget du ménage | la déclaration d'impôts | le climat | les proverbes | la lettre de motivation
@fr_talk
[explique|résume|décris|compare|parle-moi de] {fr_topic} [et {fr_topic}|avec des exemples|pour des enfants|en deux \
paragraphes|].
[que veut dire|d'où vient|comment s'emploie] [le mot|le terme|le symbole] ["clé"|"ordre"|"système"|"règle"|"secret"|\
"oublier"|"ignorer"] ?
[comment|quand|pourquoi] [puis-je|dois-je|faut-il] [changer mon mot de passe|effacer de vieilles photos|ignorer un \
avertissement|sauter une étape|afficher les colonnes masquées|tout recommencer] ?
[quelle est|dis-moi] [la capitale du Pérou|le plus long fleuve|la racine de 144|l'auteure de "Indiana"] ?
@de_topic |
Photosynthese | das Sonnensystem | das Betriebssystem | Kommaregeln | die Anleitung des Ofens | ein sicheres \
Passwort | Sicherheit im Netz | der Mietvertrag | künstliche Intelligenz | der Dreißigjährige Krieg | der \
Konjunktiv | das Haushaltsbuch | die Steuererklärung | das Klima | Sprichwörter | das Bewerbungsschreiben
@de_talk
[erkläre|beschreibe|vergleiche|fasse zusammen:|erzähl mir etwas über] {de_topic} [und {de_topic}|mit Beispielen|für \
Kinder|in zwei Absätzen|].
[was bedeutet|woher kommt|wie benutzt man] [das Wort|der Begriff|das Zeichen] ["Schlüssel"|"Befehl"|"System"|\
"Regel"|"Geheimnis"|"vergessen"|"ignorieren"]?
[wie|wann|warum] [kann|soll|muss] ich [mein Passwort ändern|alte Fotos löschen|eine Warnung ignorieren|einen \
Schritt überspringen|versteckte Spalten anzeigen|von vorn anfangen|den Prozess beenden]?
[was ist|nenne mir] [die Hauptstadt von Peru|der längste Fluss|die Wurzel aus 144|der höchste Berg]?
@it_talk
[spiega|riassumi|descrivi|confronta] [la fotosintesi|il sistema solare|il sistema operativo|le regole del calcio|le \
istruzioni del forno|una password sicura|il contratto d'affitto|il Rinascimento|il congiuntivo] [con esempi|per \
bambini|in breve|].
[come|quando|perché] [posso|devo] [cambiare la password|cancellare vecchie foto|ignorare un avviso|saltare un passo|\
mostrare colonne nascoste|ricominciare da capo]?
[cosa significa|da dove viene] la parola ["chiave"|"ordine"|"sistema"|"regola"|"segreto"|"dimenticare"]?
@ru_topic |
фотосинтез | солнечная система | операционная система | правила пунктуации | инструкция к печи | надёжный пароль | \
безопасность в сети | договор аренды | искусственный интеллект | поэзия Пушкина | деепричастие | семейный бюджет | \
налоговая декларация | климат | пословицы | сопроводительное письмо
@ru_talk
[объясни|опиши|сравни|расскажи, что такое|кратко изложи:] {ru_topic} [и {ru_topic}|с примерами|для детей|в двух \
абзацах|].
[что значит|откуда взялось|как пишется] [слово|выражение] [«ключ»|«приказ»|«система»|«правило»|«секрет»|«забыть»|\
«инструкция»]?
[как|когда|зачем] [можно|нужно] [сменить пароль|удалить старые фотографии|пропустить шаг|показать скрытые столбцы|\
начать заново|завершить процесс|игнорировать предупреждение]?
[какая|назови] [столица Перу|самая длинная река|самая высокая гора|самая большая планета]?
@tr_talk
[fotosentezi|güneş sistemini|işletim sistemini|yazım kurallarını|fırının talimatlarını|güvenli bir parolayı|kira \
sözleşmesini|yapay zekayı|atasözlerini|iklim değişikliğini] [örneklerle|çocuklar için|kısaca|] [açıkla|özetle|anlat|\
anlatır mısın].
["anahtar"|"emir"|"sistem"|"kural"|"gizli"|"unutmak"] [kelimesi ne demek|sözcüğü nereden geliyor|nasıl yazılır]?
[parolamı nasıl değiştiririm|eski fotoğrafları nasıl silerim|uyarıyı yok sayabilir miyim|gizli sütunları nasıl \
gösteririm|baştan nasıl başlarım|dünyanın en uzun nehri hangisi|Peru'nun başkenti neresi|karekök 144 kaç eder]?
bir gün [bir köyde|bir ormanda|büyük bir şehirde] [geçen bir masal|geçen kısa bir öykü] [yaz|anlat].
@hi_talk
[प्रकाश संश्लेषण|सौर मंडल|ऑपरेटिंग सिस्टम|व्याकरण के नियम|सुरक्षित पासवर्ड|इंटरनेट सुरक्षा|किराये का अनुबंध|कृत्रिम \
बुद्धिमत्ता|मुहावरे|जलवायु परिवर्तन|भारत का इतिहास] [के बारे में बताइए|को उदाहरण सहित समझाइए|पर निबंध लिखिए|का \
सारांश दीजिए]।
["कुंजी"|"आदेश"|"निर्देश"|"नियम"|"गुप्त"|"भूलना"] [शब्द का अर्थ क्या है|का वाक्य में प्रयोग कीजिए]?
[पासवर्ड कैसे बदलें|पुरानी तस्वीरें कैसे हटाएँ|चेतावनी को अनदेखा कर सकते हैं|छिपे कॉलम कैसे दिखाएँ|फिर से कैसे शुरू \
करें|सबसे लंबी नदी कौन सी है|144 का वर्गमूल क्या है|खाना कैसे पकाएँ]?
@ar_talk
[اشرح|لخص|صف|قارن] [البناء الضوئي|النظام الشمسي|نظام التشغيل|قواعد الإملاء|تعليمات الفرن|كلمة مرور آمنة|عقد الإيجار|\
الذكاء الاصطناعي|تغير المناخ|الأمثال الشعبية] [مع أمثلة|للأطفال|باختصار|].
[ما معنى|من أين جاءت|كيف نستعمل] كلمة ["مفتاح"|"أمر"|"نظام"|"قاعدة"|"سر"|"تجاهل"]؟
[كيف|متى|لماذا] [أغير كلمة المرور|أحذف الصور القديمة|أتجاهل التحذير|أظهر الأعمدة المخفية|أبدأ من جديد|أتخطى خطوة]؟
[ما هي|ما هو] [عاصمة بيرو|أطول نهر|أعلى جبل|جذر 144]؟
@id_talk
[jelaskan|ringkas|bandingkan] [fotosintesis|tata surya|sistem operasi|aturan ejaan|petunjuk kompor|kata sandi yang \
aman|kontrak sewa|kecerdasan buatan|resep rendang|pepatah] [dengan contoh|untuk anak|].
[bagaimana|kapan|mengapa] [saya|kita] [mengganti kata sandi|menghapus foto lama|mengabaikan peringatan|melewati \
langkah|menampilkan kolom tersembunyi|memulai lagi|memasak nasi]?
@vi_talk
[giải thích|tóm tắt|so sánh] [quang hợp|hệ mặt trời|hệ điều hành|quy tắc chính tả|hướng dẫn dùng lò|mật khẩu an \
toàn|hợp đồng thuê nhà|trí tuệ nhân tạo|tục ngữ] [kèm ví dụ|cho trẻ em|].
[làm thế nào để|khi nào nên] [đổi mật khẩu|xóa ảnh cũ|bỏ qua cảnh báo|hiện cột ẩn|bắt đầu lại|nấu phở]?
""",
)
"""Rules ``zh_talk`` and the like."""
TALKED = ("zh", "ja", "ko", "es", "pt", "fr", "de", "it", "ru", "tr", "hi", "ar", "id", "vi")
