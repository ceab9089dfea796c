"""Words that the invented papers are made of. People, places, journals and organisations here do not exist."""

from __future__ import annotations

INTERVENTIONS = {
    "skills-training": (
        "parent skills groups", "a home-based parenting programme", "coaching in daily routines", "video feedback",
        "a positive parenting curriculum", "household management training", "a family problem-solving course",
        "life skills training", "an infant care class",
    ),
    "service-integration": (
        "co-location of family services", "a shared referral pathway", "multi-agency safeguarding teams",
        "joint budgets between health and social care", "wraparound case coordination", "a family hub",
        "school-linked social work", "linked substance use and child welfare services", "a family drug court",
    ),
    "worker-practice": (
        "a strengths-based practice model", "structured risk assessment", "motivational interviewing",
        "intensive family preservation casework", "solution-focused practice", "smaller caseloads",
        "a new home visiting protocol", "reflective assessment meetings", "relationship-based practice",
    ),
    "therapeutic-approach": (
        "multisystemic therapy", "functional family work", "trauma-focused therapy", "parent–child psychotherapy",
        "attachment-based therapy", "cognitive behavioural parent therapy", "dyadic play therapy",
        "therapeutic family breaks", "residential family treatment",
    ),
    "system-structure": (
        "privatised case management", "a differential response system", "devolved child welfare boards",
        "performance-based contracting", "a statutory early help duty", "a permanency planning statute",
    ),
    "family-meetings": (
        "family group conferences", "family team meetings", "kinship decision circles", "shared care planning meetings",
        "restorative family meetings",
    ),
    "family-finances": (
        "emergency cash grants", "a child allowance reform", "supported housing vouchers", "household debt advice",
        "conditional welfare payments",
    ),
    "mentors": ("parent partners", "peer mentors", "volunteer befriending", "community mentoring"),
    "supervision": (
        "group supervision of social workers", "clinical supervision in children's teams", "reflective supervision",
    ),
}  # fmt: skip

FAMILIES = (
    "families with a child protection plan", "parents who use substances", "young mothers who grew up in care",
    "families at the edge of care", "parents with learning disabilities", "Indigenous families",
    "families living in temporary housing", "fathers after separation", "adolescents with behaviour problems",
    "infants born to mothers in treatment", "families reported for neglect", "children of imprisoned parents",
    "parents with severe mental illness", "newly arrived refugee families", "families with several children in placement",
    "children returning home from foster care", "kinship households", "mothers with repeat removals",
    "families experiencing domestic violence", "large sibling groups", "rural families", "parents in recovery",
    "families of disabled children", "teenagers in conflict with their parents", "grandparents raising children",
    "families referred a second time", "lone parents on low incomes", "adoptive families in difficulty",
)  # fmt: skip

OUTCOMES = {
    "entry": ("entry to care", "out-of-home placement", "first placement away from home", "the need for care"),
    "re-entry": ("re-entry to care", "return to foster care", "repeat placement"),
    "reunification": ("family reunification", "return home from care", "going home after placement"),
}

TOWNS = {
    "united-states": (
        "Alder County", "Port Winnifer", "Cottonmere", "Larkspur Valley", "Redstone Bluff", "Hollisburg Parish",
        "East Tamarind",
    ),
    "united-kingdom": (
        "Harrowmere", "Northmoorshire", "Kelderby", "Pentremawr Vale", "Strathannoch", "Wexlow", "Brackenford",
    ),
    "australia": ("Wirrabend", "Coolamarra", "Mount Tandara", "Saltwater Reach"),
    "canada": ("St. Corvin", "Pine Narrows", "Lac-aux-Brumes"),
    "netherlands": ("Oosterhaar", "Westermeer", "Zandvoorde aan Zee"),
    "nordic": ("Nordvika", "Söderlunda", "Østmark", "Hvidsted"),
    "other": ("Vallemora", "Kirchtal", "San Breno", "Glenashling", "Punawhero"),
}  # fmt: skip

SUBTITLES = {
    "rct": ("a randomised controlled trial", "a pragmatic trial", "findings of a cluster trial"),
    "quasi-experimental": ("a matched comparison study", "a quasi-experimental study", "a difference-in-differences analysis"),
    "cohort": ("a cohort study with administrative data", "a longitudinal study", "a survival analysis of agency records"),
    "before-after": ("a before-and-after study", "a pilot study", "a service evaluation"),
    "qualitative": ("an interview study", "a qualitative study", "a focus group study"),
    "mixed-methods": ("a mixed-methods evaluation", "a realist evaluation"),
    "economic": ("a cost-effectiveness analysis", "a comparison of costs"),
    "review": ("a systematic review", "a rapid review of the evidence", "a synthesis of qualitative studies"),
}

TOPICS = (
    "placement stability", "school attendance", "burnout", "oral health", "sibling contact", "language development",
    "adoption disruption", "contact with the youth justice system", "sleep problems", "immunisation", "leaving care",
    "staff turnover", "attachment security", "post-traumatic stress", "peer relationships", "teenage pregnancy",
    "early literacy", "food insecurity", "screen time", "cyberbullying", "social support", "care leavers' housing",
    "court delays", "mandated reporting", "self-harm", "emotional regulation", "parental stress",
    "recruitment of foster carers", "transracial placement", "cultural identity", "religious belief", "physical activity",
    "obesity", "prenatal alcohol exposure", "executive function", "moral reasoning", "participation rights",
    "life story work", "inspection regimes", "child maltreatment reporting", "dental neglect", "grief",
    "hope and resilience", "professional identity", "interprofessional trust", "media coverage of child deaths",
    "online records", "psychotropic medication", "university access", "parental leave", "divorce mediation", "visitation",
    "guardianship subsidies", "unaccompanied minors", "child labour", "street-connected childhoods",
    "residential care culture", "respite care",
)  # fmt: skip

GROUPS = (
    "foster carers", "residential care workers", "school nurses", "looked-after children", "primary school pupils",
    "care leavers", "student social workers", "family court judges", "paediatricians", "adolescent mothers",
    "preschool children", "adoptive parents", "guardians", "health visitors", "rural teachers", "police officers",
    "youth workers", "young carers", "migrant families", "runaway youth", "kindergarten teachers",
    "children in group homes", "emergency department patients", "first-time fathers", "twins", "siblings in placement",
    "service managers", "child advocates", "infants", "boys in custody", "girls in residential treatment",
    "military families",
)  # fmt: skip

QUOTES = (
    "They asked us first", "Nobody had explained it", "We were in it together", "A door that stayed open",
    "Not another form", "Somebody on our side", "It was my kitchen table", "Ready for the phone call",
)  # fmt: skip

JOURNALS = (
    ("Journal of Family and Care Inquiry", "J Fam Care Inq"), ("Northern Review of Child Welfare", "North Rev Child Welf"),
    ("Annals of Kinship and Care Studies", "Ann Kinsh Care Stud"),
    ("Practice Letters in Social Work", "Pract Lett Soc Work"), ("Childhood Policy Observer", "Child Policy Obs"),
    ("Archives of Applied Family Science", "Arch Appl Fam Sci"),
    ("Protective Services Quarterly Record", "Prot Serv Q Rec"), ("Studies in Early Help", "Stud Early Help"),
    ("Therapeutic Families", "Ther Fam"), ("Journal of Reunification Research", "J Reunif Res"),
    ("Social Care Systems & Reform", "Soc Care Syst Reform"), ("Pacific Papers on Youth and Home", "Pac Pap Youth Home"),
    ("Nordisk Tidsskrift for Barn og Hjem", "Nord Tidsskr Barn Hjem"), ("Developmental Home Visiting", "Dev Home Visit"),
    ("Review of Public Childhoods", "Rev Public Child"), ("Bulletin of Evaluation in Human Services", "Bull Eval Hum Serv"),
    ("Community Parenting", "Community Parent"), ("Acta Familiaria", "Acta Fam"),
    ("Law and the Looked-After Child", "Law Looked After Child"), ("Cuadernos de Infancia y Hogar", "Cuad Infanc Hogar"),
    ("Young Lives in Transition", "Young Lives Transit"), ("Journal of Invented Social Statistics", "J Invent Soc Stat"),
)  # fmt: skip

ORGANISATIONS = {  # source id: name, host, share of the web documents
    "northmoor-trust": ("Northmoor Children's Trust", "northmoor-trust.example", 30),
    "hearth-institute": ("Hearth Institute", "hearth-institute.example", 25),
    "kinship-alliance": ("Kinship Alliance", "kinship-alliance.example", 12),
    "family-evidence-network": ("Family Evidence Network", "family-evidence.example", 20),
    "ministry-families": ("Ministry for Families (invented)", "families-ministry.example", 13),
}

FAMILY_STARTS = (
    "Abber", "Alden", "Barra", "Bexter", "Brant", "Calder", "Carra", "Corvin", "Dalla", "Derran", "Drum", "Eller", "Emmer",
    "Fara", "Fenni", "Gal", "Garrow", "Haddo", "Hester", "Ilken", "Isper", "Jarro", "Kesta", "Kilder", "Lanno", "Larken",
    "Mallo", "Merro", "Nether", "Norro", "Ollen", "Orme", "Pella", "Pinder", "Quarra", "Quill", "Ravel", "Rossa", "Sabber",
    "Selwin", "Tallo", "Tenner", "Ulver", "Umber", "Vanni", "Verro", "Wada", "Wessel", "Yarro", "Zeller",
)  # fmt: skip
FAMILY_ENDS = (
    "beck", "bury", "clough", "dahl", "dene", "ette", "fax", "garth", "gren", "hurst", "ickx", "järvi", "kamp", "lund",
    "mond", "mère", "nack", "nez", "ough", "pole", "quist", "rath", "sén", "stow", "thwaite", "tova", "ult", "vang", "wick",
    "wøld", "xon", "yss",
)  # fmt: skip
GIVEN = (
    "Aisha", "Anna", "Ben", "Carla", "Chidi", "Daniel", "Elena", "Emre", "Fiona", "Gareth", "Hana", "Imran", "Inés",
    "Jakob", "Joan", "Karin", "Leo", "Lucía", "Mei", "Miriam", "Nadia", "Noah", "Oona", "Owen", "Petra", "Priya", "Rhys",
    "Rosa", "Samir", "Sofia", "Tomas", "Uma", "Viktor", "Wanda", "Yusuf", "Zoe",
)  # fmt: skip

COUNTRY_NAMES = {
    "united-states": "the United States",
    "united-kingdom": "the United Kingdom",
    "australia": "Australia",
    "canada": "Canada",
    "netherlands": "the Netherlands",
    "nordic": "a Nordic country",
    "other": "one European region",
    "several": "several countries",
}  # fmt: skip

SYNTHETIC = "This record is synthetic: it was made up for the evimap example and describes no real study."
