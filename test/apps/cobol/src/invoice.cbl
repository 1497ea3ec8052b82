       IDENTIFICATION DIVISION.
       PROGRAM-ID. INVOICE.

       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT ORDERS ASSIGN TO "orders.txt"
               ORGANIZATION IS LINE SEQUENTIAL.

       DATA DIVISION.
       FILE SECTION.
       FD  ORDERS.
       01  ORDER-LINE.
           05  ITEM        PIC X(10).
           05  QUANTITY    PIC 9(3).
           05  PRICE       PIC 9(3)V99.

       WORKING-STORAGE SECTION.
       01  TOTAL           PIC 9(7)V99 VALUE 0.
       01  TOTAL-SHOWN     PIC Z(6)9.99.
       01  AT-END          PIC X VALUE "N".

       PROCEDURE DIVISION.
       MAIN.
           OPEN INPUT ORDERS
           PERFORM UNTIL AT-END = "Y"
               READ ORDERS
                   AT END MOVE "Y" TO AT-END
                   NOT AT END
                       COMPUTE TOTAL = TOTAL + QUANTITY * PRICE
               END-READ
           END-PERFORM
           CLOSE ORDERS
           MOVE TOTAL TO TOTAL-SHOWN
           DISPLAY "TOTAL " TOTAL-SHOWN
           STOP RUN.
