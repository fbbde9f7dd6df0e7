"""Questions and passages, row by row about the same thing, to check and to calibrate an encoder.

Row i of PASSAGES answers row i of QUESTIONS and no other; the first ENGLISH rows are
English, the others Italian, and none is about the documents that ship.
"""

ENGLISH = 8

QUESTIONS = (
    "Who repairs the street lamps in the old harbour?",
    "How many seats does the new tram have?",
    "When does the public library open on Saturday?",
    "What does a permit for a market stall cost?",
    "Which trees were planted along the river?",
    "Why was the swimming pool closed?",
    "Where can old batteries be handed in?",
    "Who won the competition for the school building?",
    "Quanti ciclisti usano il ponte ogni giorno?",
    "Chi gestisce il rifugio per gli animali?",
    "Quando comincia la raccolta delle castagne?",
    "Quanto costa l'abbonamento mensile dell'autobus?",
    "Dove si ritira la carta d'identità?",
    "Perché è stata rinviata la partita di calcio?",
    "Quale museo espone le ceramiche del Settecento?",
    "Come si prepara il compost in giardino?",
)

PASSAGES = (
    "The lamps around the old harbour are mended by the port authority within three days.",
    "Each of the new trams carries 210 passengers, 64 of them seated.",
    "On Saturdays the public library opens at nine and closes at one in the afternoon.",
    "A stall on the weekly market costs 18 euros a day, electricity included.",
    "Poplars and white willows now line both banks of the river.",
    "The pool has been shut since May because its roof was found to be unsafe.",
    "Used batteries are accepted at the recycling yard and in every supermarket.",
    "The jury chose a young practice from Porto to design the primary school.",
    "Sul ponte passano in media 4.200 biciclette al giorno, secondo i sensori comunali.",
    "Il rifugio per cani e gatti è affidato a un'associazione di volontari.",
    "In collina le castagne si raccolgono dalla fine di settembre.",
    "L'abbonamento mensile ai mezzi pubblici costa 38 euro, 26 per gli studenti.",
    "Il documento d'identità si ritira all'anagrafe, al primo piano, su appuntamento.",
    "L'incontro è stato spostato a mercoledì per il campo allagato dalla pioggia.",
    "Le maioliche del XVIII secolo si vedono nelle sale di Palazzo Madama.",
    "Si alternano strati di foglie secche e scarti di cucina, tenendoli umidi.",
)
