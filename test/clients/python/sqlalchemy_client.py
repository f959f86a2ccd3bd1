"""SQLAlchemy 2 over psycopg against the gateway whose URL is the first argument."""

import sys

from sqlalchemy import FetchedValue, ForeignKey, MetaData, create_engine, func, inspect, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from report import case, run_cases

engine = create_engine(sys.argv[1].replace("postgresql:", "postgresql+psycopg:"))
inspector = inspect(engine)


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[str] = mapped_column(primary_key=True, server_default=FetchedValue())
    email: Mapped[str | None]
    name: Mapped[str | None]
    balance: Mapped[int] = mapped_column(server_default=FetchedValue())
    invoices: Mapped[list["Invoice"]] = relationship(back_populates="owner")


class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[str] = mapped_column(primary_key=True, server_default=FetchedValue())
    customer: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    total: Mapped[int]
    owner: Mapped[Customer] = relationship(back_populates="invoices")


@case
def schemas():
    return inspector.get_schema_names()


@case
def tables():
    names = inspector.get_table_names()
    return {"default": len(names), "stripe": len(inspector.get_table_names("stripe")), "v2": len(inspector.get_table_names("v2")), "some": "payment_intents" in names}


@case
def columns():
    return {
        column["name"]: [str(column["type"]), column["nullable"]]
        for column in inspector.get_columns("customers")
        if column["name"] in ("id", "balance", "created", "livemode", "metadata")
    }


@case
def comments():
    first = inspector.get_columns("customers")[0]
    return [first["comment"], inspector.get_table_comment("customers")["text"].split("\n")[0]]


@case
def primary_key():
    return inspector.get_pk_constraint("customers")["constrained_columns"]


@case
def foreign_keys():
    keys = inspector.get_foreign_keys("invoices")
    return [[key["constrained_columns"], key["referred_table"], key["referred_columns"]] for key in keys]


@case
def views():
    return [len(inspector.get_view_names("sql")), inspector.get_view_definition("customer", "sql").split("\n")[0]]


@case
def reflected():
    metadata = MetaData()
    metadata.reflect(engine, schema="stripe")
    invoices = metadata.tables["stripe.invoices"]
    return {
        "tables": len(metadata.tables),
        "key": [column.name for column in invoices.primary_key],
        "customer": [key.target_fullname for key in invoices.c.customer.foreign_keys],
    }


@case
def automapped():
    base = automap_base()
    base.prepare(autoload_with=engine)
    with Session(engine) as session:
        customer = session.scalars(select(base.classes.customers).order_by(base.classes.customers.id)).first()
        return [customer.id, sorted(invoice.id for invoice in customer.invoices_collection)]


@case
def selected():
    query = (
        select(Customer.id, func.count(Invoice.id), func.sum(Invoice.total))
        .join(Invoice.owner)
        .where(Customer.balance >= 0)
        .group_by(Customer.id)
        .order_by(Customer.id)
        .limit(20)
    )
    with engine.connect() as connection:
        return [list(row) for row in connection.execute(query)]


@case
def related():
    with Session(engine) as session:
        customers = session.scalars(select(Customer).order_by(Customer.id).limit(5)).all()
        return [[customer.id, sorted(invoice.id for invoice in customer.invoices)] for customer in customers]


@case
def streamed():
    with engine.connect() as connection:
        rows = connection.execution_options(yield_per=50).execute(select(Customer.id))
        return [id for (id,) in rows]


@case
def written():
    with Session(engine) as session:
        one = Customer(email="alchemy@example.com", name="A")
        session.add(one)
        session.flush()
        inserted = [one.id[:4], one.balance]
        session.add_all(Customer(email="alchemy@example.com", name=name) for name in ("B", "C"))
        session.flush()
        one.name = "D"
        session.commit()
    with Session(engine) as session:
        own = session.scalars(select(Customer).where(Customer.email == "alchemy@example.com")).all()
        names = sorted(customer.name for customer in own)
        for customer in own:
            session.delete(customer)
        session.commit()
        left = session.scalar(select(func.count()).where(Customer.email == "alchemy@example.com"))
    return {"inserted": inserted, "names": names, "left": left}


@case
def failed():
    with engine.connect() as connection:
        try:
            connection.execute(text("SELECT emial FROM customers"))
        except ProgrammingError as error:
            connection.rollback()
            return [error.orig.sqlstate, connection.execute(text("SELECT 1")).scalar()]


run_cases()
engine.dispose()
