"""Everyday requests in twenty-two languages, among them some that take a word of one's own back.

Of each language: ``ask`` is a request, ``small`` a remark beside it, ``back`` an order to ignore what is harmless.
"""

from detectors.training.text.families.grammar import rules

EVERYDAY = rules(
    r"""
@de_ask
[kannst du|könntest du|bitte] [mir|] [ein Rezept für|Tipps zu|eine kurze Erklärung von|Ideen für] [Linsensuppe|\
Zugreisen|Photosynthese|den Garten|Kindergeburtstage] [geben|schicken]?
[schreib|verfasse] [einen Brief an|eine Mail an|eine Karte für] [meinen Vermieter|die Schule|Oma|den Kunden] [über|\
wegen] [der Heizung|eines Termins|der Rechnung|des Lärms]
[wie|wo] [kann ich|finde ich] [einen Prozess beenden|gutes Brot|ein Visum beantragen|meine Rechnung|Unkraut \
vernichten]?
[übersetze|verbessere|kürze] [den Satz|den Absatz|diesen Text]: "{de_small}"
@de_small |
[Ich wohne|Wir wohnen] [seit Mai|noch nicht lange] in {city}. | [Danke|Vielen Dank] [für die Mühe|im Voraus|dir]! | \
[Es eilt nicht|Es ist dringend|Nur kurz, bitte].
@de_back
[ignoriere|vergiss] [meine letzte Mail|die erste Liste|den Tippfehler|die Farbe], [nimm Blau|die zweite gilt|ich \
habe mich geirrt].
@fr_ask
[peux-tu|pourrais-tu|pouvez-vous] [me donner|m'écrire|m'envoyer] [une recette de|un résumé sur|des idées pour] \
[crêpes|la Révolution|un week-end à {city}|mon jardin] ?
[écris|rédige] [une lettre à|un mail pour|un mot pour] [mon propriétaire|l'école|ma tante|un client] [au sujet|à \
propos] [du chauffage|de la facture|d'un retard]
[comment|où] [réparer un vélo|arrêter un processus Python|obtenir un visa|tuer le temps|planter des tomates] ?
[traduis|corrige|raccourcis] [cette phrase|ce texte] : « {fr_small} »
@fr_small |
[J'habite|Nous sommes] à {city} [depuis peu|depuis dix ans]. | [Merci|Merci beaucoup|Un grand merci] [d'avance|à \
toi]. | [Rien ne presse|C'est urgent|Bref, s'il te plaît].
@fr_back
[ignore|oublie] [mon dernier mail|la première liste|la faute|la couleur], [prends le bleu|la deuxième est bonne|je \
me suis trompé].
@es_ask
[puedes|podrías|me puedes] [darme|escribir|explicar] [una receta de|un resumen de|ideas para] [lentejas|la \
fotosíntesis|un viaje a {city}|mi balcón], por favor?
[escribe|redacta] [una carta a|un correo para] [mi casero|la escuela|un cliente] [sobre|por] [el ruido|la factura|\
una cita]
¿[cómo|dónde] [puedo matar un proceso en Linux|arreglo un grifo|pido un visado|aprendo a nadar|puedo comprar pan]?
[traduce|corrige|resume] [esta frase|este texto]: "{es_small}"
@es_small |
[Vivo|Vivimos] en {city} [desde mayo|hace poco]. | [Gracias|Muchas gracias|Mil gracias] [de antemano|por todo]. | \
[No hay prisa|Es urgente|Sé breve, por favor].
@es_back
[ignora|olvida] [mi último correo|la primera lista|el error|el color], [usa el azul|vale la segunda|me equivoqué].
@it_ask
[puoi|potresti|mi puoi] [darmi|scrivere|spiegare] [una ricetta di|un riassunto di|qualche idea per] [risotto|Dante|\
una gita a {city}|il terrazzo]?
[come|dove] [si ripara una bici|termino un processo|trovo un medico|si coltiva il basilico]?
[traduci|correggi|accorcia] [questa frase|questo testo]: "{it_small}"
@it_small |
[Abito|Abitiamo] a {city} [da poco|da anni]. | [Grazie|Grazie mille] [in anticipo|per l'aiuto]. | [Non c'è fretta|È \
urgente].
@it_back
[ignora|dimentica] [la mia ultima mail|la prima lista|l'errore], [usa il blu|vale la seconda|mi sono sbagliato].
@pt_ask
[pode|poderia|consegue] [dar-me|escrever|explicar] [uma receita de|um resumo de|ideias para] [feijão|fotossíntese|\
uma viagem a {city}|o jardim]?
[como|onde] [conserto uma torneira|encerro um processo|peço um visto|mato mosquitos]?
[traduza|corrija|resuma] [esta frase|este texto]: "{pt_small}"
@pt_small |
[Moro|Moramos] em {city} [há pouco|desde maio]. | [Obrigado|Muito obrigada] [desde já|pela ajuda]. | [Sem pressa|É \
urgente].
@pt_back
[ignore|esqueça] [o meu último e-mail|a primeira lista|o erro], [use azul|vale a segunda|enganei-me].
@nl_ask
[kun je|zou je|wil je] [me|] [een recept voor|een samenvatting van|tips voor] [erwtensoep|de Gouden Eeuw|een dag in \
{city}|de tuin] [geven|sturen]?
[hoe|waar] [repareer ik een fiets|stop ik een proces|vind ik een dokter|dood ik onkruid]?
[vertaal|verbeter|kort] [deze zin|deze tekst] [in]: "{nl_small}"
@nl_small |
[Ik woon|Wij wonen] [sinds kort|al lang] in {city}. | [Bedankt|Dank je wel] [alvast|voor de moeite]. | [Geen haast|\
Het is dringend].
@nl_back
[negeer|vergeet] [mijn laatste mail|de eerste lijst|de typfout], [neem blauw|de tweede klopt|ik had het mis].
@pl_ask
[czy możesz|proszę|możesz] [podać|napisać|wyjaśnić] [przepis na|streszczenie o|pomysły na] [pierogi|fotosyntezę|\
weekend w {city}|ogród]?
[jak|gdzie] [naprawić rower|zakończyć proces|znaleźć lekarza|zabić czas]?
[przetłumacz|popraw|skróć] [to zdanie|ten tekst]: "{pl_small}"
@pl_small |
[Mieszkam|Mieszkamy] w {city} [od maja|od dawna]. | [Dziękuję|Dzięki] [z góry|za pomoc]. | [Nie ma pośpiechu|To \
pilne].
@pl_back
[zignoruj|zapomnij o] [mój ostatni mail|pierwszą listę|literówkę], [weź niebieski|druga jest dobra|pomyliłem się].
@ru_ask
[можешь|можете|пожалуйста,] [дать|написать|объяснить] [рецепт|краткий рассказ|идеи] [борща|о фотосинтезе|для поездки \
в {city}|для сада]?
[как|где] [починить велосипед|завершить процесс|найти врача|убить время в аэропорту]?
[переведи|исправь|сократи] [это предложение|этот текст]: «{ru_small}»
@ru_small |
[Я живу|Мы живём] в {city} [недавно|давно|с мая]. | [Спасибо|Большое спасибо] [заранее|за помощь]! | [Не спешите|Это \
срочно].
@ru_back
[игнорируй|забудь] [моё последнее письмо|первый список|опечатку], [возьми синий|верен второй|я ошибся].
@tr_ask
[bana|lütfen bana|kısaca] [mercimek çorbası tarifi|fotosentez özeti|{city} için gezi önerisi|balkon için fikir] \
[verir misin|yazar mısın]?
[bisikleti nasıl onarırım|bir süreci nasıl sonlandırırım|nerede doktor bulurum]?
[bu cümleyi|bu metni] [çevir|düzelt|kısalt]: "{tr_small}"
@tr_small |
[Mayıstan beri|Yıllardır] {city} şehrinde [oturuyorum|oturuyoruz]. | [Teşekkürler|Çok sağ ol] [şimdiden|yardımın \
için]. | [Acelesi yok|Acil].
@tr_back
[son e-postamı|ilk listeyi|yazım hatasını] [yok say|unut], [mavi olsun|ikincisi doğru|yanılmışım].
@zh_ask
[请|能不能|麻烦你][给我|写一份|介绍一下][番茄炒蛋的做法|光合作用|{city}三日游|阳台种菜的建议]
[怎么|如何][修自行车|结束一个Python进程|申请签证|杀死虱子|打发时间]？
[翻译|修改|缩短]这[句话|段文字]：“{zh_small}”
@zh_small |
[我|我们][刚搬到|住在]{city}。 | [谢谢|非常感谢|多谢]！ | [不着急|有点急|简短一点]。
@zh_back
[请忽略|忘掉][我上一封邮件|第一份名单|那个错字]，[用蓝色|以第二份为准|我弄错了]。
@ja_ask
[肉じゃがのレシピ|光合成の説明|{city}旅行の案|庭の手入れのコツ]を[教えて|書いて][ください|もらえますか|]
[自転車の直し方|プロセスを終了する方法|ビザの取り方|暇のつぶし方]は？
[この文|次の文章]を[訳して|直して|短くして]：「{ja_small}」
@ja_small |
[五月から|最近]{city}に住んでいます。 | [ありがとう|どうもありがとうございます]。 | [急ぎません|急いでいます]。
@ja_back
[前のメール|最初の表|誤字]は[無視して|忘れて]、[青にして|二番目が正しい|間違えました]。
@ar_ask
[هل يمكنك|من فضلك] [أن تعطيني|اكتب لي] [وصفة عدس|ملخصا عن التمثيل الضوئي|أفكارا لرحلة إلى {city}]؟
[كيف|أين] [أصلح دراجة|أنهي عملية في لينكس|أجد طبيبا|أقتل الوقت]؟
[ترجم|صحح|اختصر] [هذه الجملة|هذا النص]: "{ar_small}"
@ar_small |
[أسكن|نسكن] في {city} [منذ مايو|منذ زمن]. | [شكرا|شكرا جزيلا] [مقدما|لك]. | [لا داعي للعجلة|الأمر عاجل].
@ar_back
[تجاهل|انس] [رسالتي الأخيرة|القائمة الأولى|الخطأ]، [استعمل الأزرق|الثانية صحيحة|أخطأت].
@ko_ask
[김치찌개 만드는 법|광합성 설명|{city} 여행 계획|베란다 텃밭 요령]을 [알려 주세요|써 줄래]?
[자전거를 고치려면|프로세스를 종료하려면|비자를 받으려면] [어떻게 하나요|뭐가 필요해]?
@ko_small |
[저는|우리는] {city}에 살아요. | [고마워요|감사합니다]. | [급하지 않아요|급해요].
@ko_back
[지난 메일|첫 목록|오타]은 [무시하고|잊고] [파란색으로 해|두 번째가 맞아].
@hi_ask
[कृपया|क्या आप] [दाल की विधि|प्रकाश संश्लेषण का सार|{city} घूमने के सुझाव|बगीचे के उपाय] [बताइए|लिखिए]
[साइकिल कैसे ठीक करूँ|प्रोसेस कैसे बंद करूँ|डॉक्टर कहाँ मिलेगा|समय कैसे काटूँ]?
@hi_small |
[मैं|हम] {city} में रहते हैं। | [धन्यवाद|बहुत धन्यवाद]। | [जल्दी नहीं है|बहुत ज़रूरी है]।
@hi_back
[मेरा पिछला ईमेल|पहली सूची|वह ग़लती] [अनदेखा करें|भूल जाएँ], [नीला रखें|दूसरी सही है]।
""",
    r"""
@sv_ask
[kan du|skulle du kunna|snälla,] [ge mig|skriva|förklara] [ett recept på|en sammanfattning av|tips om] [ärtsoppa|\
fotosyntesen|en helg i {city}|trädgården]?
[hur|var] [lagar jag en cykel|avslutar jag en process|hittar jag en läkare|dödar jag ogräs]?
@sv_small |
[Jag bor|Vi bor] i {city} [sedan maj|sedan länge]. | [Tack|Tusen tack] [på förhand|för hjälpen]. | [Ingen brådska|\
Det är bråttom].
@da_ask
[kan du|vil du|må jeg bede dig] [give mig|skrive|forklare] [en opskrift på|et resumé af|ideer til] [frikadeller|\
vikingetiden|en tur til {city}|haven]?
[hvordan|hvor] [reparerer jeg en cykel|stopper jeg en proces|finder jeg en læge|slår jeg tiden ihjel]?
@da_small |
[Jeg bor|Vi bor] i {city} [siden maj|i mange år]. | [Tak|Mange tak] [på forhånd|for hjælpen]. | [Det haster ikke|Det \
haster].
@fi_ask
[voisitko|voitko|saisinko] [antaa|kirjoittaa|selittää] [karjalanpiirakan ohjeen|yhteenvedon yhteyttämisestä|vinkkejä \
puutarhaan|idean lomalle]?
[miten|missä] [korjaan pyörän|lopetan prosessin|löydän lääkärin|tapan aikaa]?
@fi_small |
[Asun|Asumme] kaupungissa {city}. | [Kiitos|Paljon kiitoksia] [etukäteen|avusta]. | [Ei kiirettä|Tämä on \
kiireellinen].
@cs_ask
[můžeš|mohl bys|prosím,] [dát mi|napsat|vysvětlit] [recept na knedlíky|shrnutí fotosyntézy|tipy na výlet do {city}|\
nápady na zahradu]?
[jak|kde] [opravím kolo|ukončím proces|najdu lékaře|zabiju čas na letišti]?
@cs_small |
[Bydlím|Bydlíme] v {city} [od května|dlouho]. | [Děkuji|Moc díky] [předem|za pomoc]. | [Nespěchá to|Je to naléhavé].
@uk_ask
[можеш|чи могли б ви|будь ласка,] [дати|написати|пояснити] [рецепт вареників|стислий опис фотосинтезу|поради для \
саду|план поїздки до {city}]?
[як|де] [полагодити велосипед|завершити процес|знайти лікаря|згаяти час]?
@uk_small |
[Я живу|Ми живемо] в {city} [з травня|давно]. | [Дякую|Щиро дякую] [наперед|за допомогу]. | [Не поспішайте|Це \
терміново].
@el_ask
[μπορείς|θα μπορούσες|παρακαλώ] [να μου δώσεις|να γράψεις|να εξηγήσεις] [μια συνταγή για φακές|μια περίληψη της \
φωτοσύνθεσης|ιδέες για ταξίδι];
[πώς|πού] [φτιάχνω ένα ποδήλατο|κλείνω μια διεργασία|βρίσκω γιατρό|σκοτώνω την ώρα μου];
@el_small |
[Μένω|Μένουμε] στην πόλη {city}. | [Ευχαριστώ|Σας ευχαριστώ πολύ] [εκ των προτέρων|για τη βοήθεια]. | [Δεν βιάζομαι|\
Είναι επείγον].
@he_ask
[אפשר|תוכל|בבקשה] [לתת לי|לכתוב|להסביר] [מתכון לעדשים|סיכום על פוטוסינתזה|רעיונות לטיול ב{city}]?
[איך|איפה] [מתקנים אופניים|סוגרים תהליך|מוצאים רופא|הורגים זמן]?
@he_small |
[אני גר|אנחנו גרים] ב{city}. | [תודה|תודה רבה] [מראש|על העזרה]. | [לא דחוף|זה דחוף].
@vi_ask
[bạn có thể|làm ơn|giúp mình] [cho công thức|viết tóm tắt|giải thích] [phở gà|quang hợp|chuyến đi {city}|trồng rau \
ban công] [được không|nhé]?
[làm sao|ở đâu] [sửa xe đạp|dừng một tiến trình|tìm bác sĩ|giết thời gian]?
@vi_small |
[Tôi|Chúng tôi] sống ở {city}. | [Cảm ơn|Cảm ơn nhiều]. | [Không vội|Hơi gấp].
@id_ask
[bisakah kamu|tolong|mohon] [beri|tuliskan|jelaskan] [resep soto|ringkasan fotosintesis|ide liburan ke {city}|tips \
kebun] [untuk saya|]?
[bagaimana|di mana] [memperbaiki sepeda|menghentikan proses|mencari dokter|membunuh waktu]?
@id_small |
[Saya|Kami] tinggal di {city}. | [Terima kasih|Makasih banyak]. | [Tidak buru-buru|Ini mendesak].
@ro_ask
[poți|ai putea|te rog] [să-mi dai|să scrii|să explici] [o rețetă de sarmale|un rezumat despre fotosinteză|idei \
pentru o excursie la {city}]?
[cum|unde] [repar o bicicletă|opresc un proces|găsesc un medic|omor timpul]?
@ro_small |
[Locuiesc|Locuim] în {city} [din mai|de mult]. | [Mulțumesc|Mersi mult] [anticipat|pentru ajutor]. | [Nu e grabă|E \
urgent].
@hu_ask
[tudnál|kérlek,|lehetne] [adni|írni|mutatni] [egy gulyásreceptet|egy összefoglalót a fotoszintézisről|ötleteket egy \
{city} úthoz|kerti tippeket]?
[hogyan|hol] [javítok biciklit|állítok le egy folyamatot|találok orvost|ütöm el az időt]?
@hu_small |
{city} városában [lakom|lakunk]. | [Köszönöm|Nagyon köszönöm] [előre is|a segítséget]. | [Nem sürgős|Sürgős].
@fa_ask
[می‌توانی|لطفا|می‌شود] [دستور پخت عدسی|خلاصه‌ای از فتوسنتز|پیشنهاد سفر به {city}] [بنویسی|بدهی]؟
[چطور|کجا] [دوچرخه را تعمیر کنم|یک پردازش را ببندم|پزشک پیدا کنم]؟
@fa_small |
[من|ما] در {city} زندگی می‌کنیم. | [ممنون|خیلی ممنون]. | [عجله‌ای نیست|فوری است].
""",
)
"""Rules of everyday requests, by language."""
