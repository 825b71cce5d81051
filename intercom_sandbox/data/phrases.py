"""What people and bots write to each other, as sentences with gaps; the words that fill a gap stand in ``FILLINGS``.

Sentences are the sandbox's own, so that a new version of a library cannot change the data of a seed.
"""

FILLINGS = {
    "thing": (
        *("invoice", "import", "export", "integration", "webhook", "report", "subscription", "password", "dashboard"),
        *("order", "shipment", "discount code", "team account", "mobile app", "login", "calendar sync", "café voucher"),
    ),
    "error": ("error 403", "error 500", "a blank page", "“invalid token”", "a timeout", "“out of quota”", "nothing"),
    "day": ("yesterday", "this morning", "on Monday", "last week", "two days ago", "on the 31st", "over night"),
    "plan": ("Starter", "Growth", "Pro &amp; more", "Enterprise", "free"),
    "number": ("2", "3", "12", "40", "250", "1,048"),
    "money": ("€49", "$120", "£9.99", "¥3,000", "€1.250,00"),
    "place": ("Settings &gt; Billing", "the sidebar", "Settings &gt; Import &amp; export", "your profile", "the inbox"),
}

GREETINGS = ("Hi there,", "Hello,", "Hi!", "Hey,", "Good morning,", "Bonjour,", "Hallo zusammen,", "")
QUESTIONS = (
    "The {thing} stopped working {day}, we only get {error}.",
    "I was charged {money} twice {day}. Could you check that?",
    "How do I change the owner of our {thing}?",
    "We are {number} people now and want to move to the {plan} plan.",
    "Is there a way to get a {thing} for each team &amp; month?",
    "It began {day}: every {thing} shows {error} when I open it.",
    "Can I get a refund of {money}? We cancelled {day}.",
    "My colleague cannot see the {thing}, although she has the right role.",
    "The {thing} says {error}. I tried it {number} times.",
    "What happens to my {thing} when I downgrade to the {plan} plan?",
    "Could you delete the {thing} that I made by mistake {day}?",
    "The VAT number on our {thing} is wrong, whom can I ask?",
    "Je ne retrouve plus mon {thing} ({error}), pouvez-vous m'aider ?",
    "Unser {thing} ist nach {number} Tagen immer noch nicht da.",
    "請求書を再発行していただけますか。",
    "שלום, איך אני מבטל את המנוי?",
)
FOLLOW_UPS = (
    "I tried that, but it still shows {error}.",
    "That works now, thank you so much! 🙂",
    "Here is the screenshot you asked for.",
    "Any news on this? It has been {number} days.",
    "Ah, I had looked in {place}. Perfect, thanks!",
    "Yes, it was {money} and the order was made {day}.",
    "No, only for {number} of our users.",
    "OK, I will wait for the update then.",
    "Merci beaucoup, ça marche !",
    "Sorry for the late answer, I was away {day}.",
    "We use the {plan} plan, if that matters.",
    "Could you call me instead?",
)
ANSWERS = (
    "Thanks for reaching out! I can see the {thing} on my side and will look into it.",
    "I am sorry about that. We refunded {money} just now; it arrives in a few days.",
    "You find it under {place}. Let me know if it is not there.",
    "Could you send me a screenshot of the {thing}, please?",
    "This was fixed {day}. Please reload the page and try again.",
    "Your plan has {number} seats; more of them come with the {plan} plan.",
    "I have passed this to our engineers and come back to you as soon as I hear from them.",
    "The owner can change the {thing} in {place}.",
    "I checked: the {thing} was sent {day}, but it was answered with {error}.",
    "That is not possible today, but I noted it as a wish for the {thing}.",
    "Great to hear! I close this for now; just write again if you need anything.",
    "Is it the same when you use another browser?",
)
SIGN_OFFS = ("Best regards", "Have a nice day!", "Kind regards, your support team", "Viele Grüße", "", "")
BOT_ANSWERS = (
    "You can change that in {place}. Did that answer your question?",
    "Refunds of up to {money} take a few working days. Is there anything else?",
    "I found an article on the {thing} that may help you.",
    "I am not sure that I understood. Would you like to talk to a person?",
    "To reset your {thing}, open {place} and choose “Reset”.",
    "Thanks! The team will get back to you soon.",
)
NOTES = (
    "Asked {number} times already, please call.",
    "Looks like the bug in the {thing}; linked to the tracker.",
    "On the {plan} plan, renewal is next month.",
    "Refund of {money} approved.",
    "Billing, can you have a look at the {thing}?",
)
PARAGRAPHS = (
    "A {thing} belongs to a team. Owners &amp; admins can see and change it in {place}.",
    "If you see {error}, sign out and in again; the {thing} is then loaded anew.",
    "On the {plan} plan you can have up to {number} of them at a time.",
    "Changes to a {thing} show within {number} minutes for everybody.",
    "Each {thing} costs {money} a month beyond those of your plan.",
    "Open {place}, choose the {thing} and press “Continue”.",
    "Nous vous recommandons de vérifier {place} avant de continuer.",
)
EXTRAS = (
    *("",) * 6,
    '<p>Q&amp;A: <a href="https://example.com/?a=1&amp;b=2">link</a></p>',
    "<br>\n",
    '<p><img src="https://downloads.example/screenshot.png?expires=1&amp;sig=a%2Bb"></p>',
)

TITLES = (
    *("{thing} does not load", "Refund of {money}", "Question about the {plan} plan", "Cannot open the {thing}"),
    *("{thing} &amp; {plan} plan", "Getting started with the {thing}", "{error} after the update"),
    *("How to share a {thing}", "{number} seats more", "Upgrade to {plan}", "naïve 質問 {thing} 🙂"),
)
TAGS = (
    *("Refund", "Bug", "Feature request", "VIP &amp; co", "Billing", "Onboarding", "Übergabe", "Churn risk", "Outage"),
    *("Login", "Feedback", "Spam", "How-to", "Sales lead", "Escalated", "請求", "Legal", "Beta 🙂"),
)
TEAMS = ("Customer support", "Phone &amp; SMS", "Billing", "Technical support", "Onboarding", "Équipe française")
SEGMENTS = ("Active", "New", "Slipping away", "Paying", "Trial", "Large", "Weekly", "Équipes")
COMPANIES = (
    *("Nordlicht", "Brightwater", "Maple Row", "Söhne & Töchter", "Kaffee", "Bluefin", "Harbour", "Ünal", "青空"),
    *("Granite", "Petit Pois", "Lantern", "Quill", "Sundial", "Tinker", "Orchard", "Puffin", "Ridge", "Walnut"),
)
COMPANY_ENDINGS = (
    *("Logistics", "Software", "GmbH", "Ltd", "Studio", "Foods", "Health", "S.A.", "Travel", "Energy", "KK"),
)
INDUSTRIES = ("Manufacturing", "Software", "Retail", "Health care", "Education &amp; training", "Logistics", "Finance")
